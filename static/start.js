// Starts the app. A file of its own because the content security policy allows no inline script;
// the build writes the names of the module and its WebAssembly into meta elements.

const address = (name) =>
  new URL(document.querySelector(`meta[name="${name}"]`).content, document.baseURI).href;

// Saved work and links may need anything; a first visit needs the rest once somebody does something.
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'focusin', 'drop'];

function hasSavedWork() {
  try {
    return localStorage.length > 0;
  } catch {
    return false;
  }
}

// The large editor comes when somebody comes near the manifest (src/ui/browser/code.rs).
globalThis.openEditor = async (host, page) => (await import(address('app-editor'))).open(host, page);

try {
  const { default: init, load = () => {} } = await import(address('app-module'));
  if (location.hash || hasSavedWork()) await load();
  for (const sign of SIGNS) addEventListener(sign, load, { capture: true, passive: true, once: true });
  await init({ module_or_path: address('app-wasm') });
} catch (error) {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.textContent = `The page could not start: ${error.message}. Reload it, or try a newer browser.`;
  document.body.replaceChildren(message);
  throw error;
}
