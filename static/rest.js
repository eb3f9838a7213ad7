// Connects the two halves of the app's WebAssembly, and notices when it dies. The build bundles this
// with the code that starts the first half (scripts/finish.mjs); static/parts/ fetches the second.

/** The second half as it is handed over, and what is told that the app is dead. */
export const half = { module: undefined, died() {} };

// Names of errors: the last is that of src/ui/browser/crash.rs.
const DEADLY = /^(RangeError|InternalError|Panic)$/;

let first;
let exports;
let isDead;

/** What the first half imports of the second, each under its name. */
export function rest() {
  const connected = () => {
    if (!half.module) throw new WebAssembly.RuntimeError('a part of the page was needed before it had come');
    exports ??= new WebAssembly.Instance(half.module, { first }).exports;
    return exports;
  };
  const forward = (name) => {
    let call;
    return (...values) => (call ??= connected()[name])(...values);
  };
  return new Proxy({}, { get: (_, name) => forward(name) });
}

/** The first half's exports as JavaScript calls them: the dead are not called again. */
export function guard(raw) {
  first = raw;
  const guarded = (call) => (...values) => {
    // Something that can be asked for what a call would have given.
    if (isDead) return [];
    try {
      return call(...values);
    } catch (error) {
      // A trap, a stack or a memory that is full, a panic: what the module holds is not to be trusted.
      const isDeath = error instanceof WebAssembly.RuntimeError || DEADLY.test(error?.name);
      if (isDeath && !isDead) {
        isDead = true;
        half.died(error);
      }
      // Then the app is started again, and nobody is to hear of it.
      if (isDead && !half.module) return [];
      throw error;
    }
  };
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, typeof value === 'function' ? guarded(value) : value]),
  );
}
