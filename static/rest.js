// The second half of the app's WebAssembly: what a first visit does not run. The build bundles this
// with the code that starts the first half (scripts/finish.mjs).

const address = () =>
  new URL(document.querySelector('meta[name="app-rest"]').content, document.baseURI).href;

let module;
let pending;

/** Fetches the second half, so that it is there when something needs it. Failing is no harm yet. */
export function load() {
  pending ??= WebAssembly.compileStreaming(fetch(address())).then(
    (compiled) => {
      module ??= compiled;
    },
    () => {
      pending = undefined;
    },
  );
  return pending;
}

/**
 * What the first half imports of the second, each under its name. `first` gives the first half's
 * exports. Whoever calls before `load` is through has to wait for it.
 */
export function rest(first) {
  let exports;
  const connected = () => {
    module ??= loadAtOnce();
    exports ??= new WebAssembly.Instance(module, { first: first() }).exports;
    return exports;
  };
  const forward = (name) => {
    let call;
    return (...values) => (call ??= connected()[name])(...values);
  };
  return new Proxy({}, { get: (_, name) => forward(name) });
}

function loadAtOnce() {
  const request = new XMLHttpRequest();
  request.open('GET', address(), false);
  request.overrideMimeType('text/plain; charset=x-user-defined');
  request.send();
  if (request.status !== 200) throw new Error('the second half of the page could not be loaded');
  return new WebAssembly.Module(Uint8Array.from(request.responseText, (each) => each.charCodeAt(0)));
}
