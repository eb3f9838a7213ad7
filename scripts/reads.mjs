// Finds the numbers in the first half's code that it may use as addresses of data while the rest is not
// there yet.
//
// A number that is only handed to functions of the rest is none of them: calling one brings the rest
// with its data. That goes for most of what is said when something cannot happen, and where: a place
// in the source is handed on, from function to function, until one of the rest reads it.

import binaryen from 'binaryen';

// In binaryen's text each instruction has a line, and what it takes follows, indented by one more.
const LINE = /^( *)\(([\w.]+) ?(.*)$/;
const ANYTHING = 'anything';

/** The numbers that a module which imports functions from "rest" may use as addresses by itself. */
export function numbersRead(module) {
  // Without the names of the source the text is easy to read.
  const debug = binaryen.getDebugInfo();
  binaryen.setDebugInfo(false);
  const plain = binaryen.readBinary(module.emitBinary());
  binaryen.setDebugInfo(debug);
  const { numbers, parameters, foreign } = usesIn(plain.emitText());
  plain.dispose();

  // Who gets a value reads it, or is a function that does so with this parameter.
  const readers = new Set([ANYTHING, ...foreign]);
  for (let before = 0; before < readers.size; ) {
    before = readers.size;
    for (const { what, by } of parameters) if (by.some((each) => readers.has(each))) readers.add(what);
  }
  return new Set(numbers.filter(({ by }) => by.some((each) => readers.has(each))).map(({ what }) => what));
}

/**
 * All numbers and all parameters in a module's code, each with who gets it: anything, or a function and
 * a certain parameter of it. And the functions that are neither here nor in the rest.
 */
function usesIn(text) {
  const uses = { numbers: [], parameters: [], foreign: [] };
  const open = [];
  let own;
  for (const line of text.split('\n')) {
    const [, { length: depth } = '', kind, more] = LINE.exec(line) ?? [];
    if (!kind || kind === 'data') continue;
    if (depth > open.length) throw new Error(`this is not the text that is expected: ${line}`);
    open.length = depth;
    const [, callee] = kind === 'call' ? /^(\$[\w$]+)/.exec(more) : [];
    const outer = open.at(-1);
    const by = outer?.callee ? [outer.callee, `${outer.callee} ${outer.taken}`] : [ANYTHING];
    if (outer) outer.taken += 1;
    open.push({ callee, taken: 0 });

    if (kind === 'import' && !more.startsWith('"rest"')) {
      uses.foreign.push(...(/\(func (\$[\w$]+)/.exec(more)?.slice(1) ?? []));
    }
    if (kind === 'func') own = { name: /^\$[\w$]+/.exec(more)[0], parameters: more.split('(param ').length - 1 };
    if (kind === 'local.get') {
      const index = Number(/^\$(\d+)/.exec(more)[1]);
      if (index < own.parameters) uses.parameters.push({ what: `${own.name} ${index}`, by });
    }
    const note = (pattern, getters) => {
      for (const [, digits] of line.matchAll(pattern)) uses.numbers.push({ what: Number(digits), by: getters });
    };
    note(/i32\.const (-?\d+)/g, by);
    note(/offset=(\d+)/g, [ANYTHING]);
  }
  return uses;
}
