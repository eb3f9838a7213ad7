// Starts the app. A file of its own because the content security policy allows no inline script;
// the build writes the names of the module and its WebAssembly into two meta elements.

const address = (name) =>
  new URL(document.querySelector(`meta[name="${name}"]`).content, document.baseURI).href;

try {
  const { default: init } = await import(address('app-module'));
  await init({ module_or_path: address('app-wasm') });
} catch (error) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.textContent = `The page could not start: ${error.message}. Reload it, or try a newer browser.`;
  document.body.replaceChildren(message);
  throw error;
}
