// Decides which half of the app's WebAssembly brings which data. The rest brings what only functions
// of the rest can reach; all other data is in the first half.
//
// The linker tells (`--emit-relocs`) what a piece of data is called and where it begins and ends, and
// which numbers in code and data are addresses, of which piece, and how far from its beginning. Neither
// wasm-bindgen nor binaryen moves data. So a piece stays in the first half when
//
// - it may be written to, or
// - a number in the first half's code is an address in it, or an address that anything anywhere
//   calculates from its beginning: those may lie before it or behind it, or
// - an address in it stands in other data that stays.
//
// A number that is an address by chance keeps a piece too; that costs little. Numbers in code are
// looked up by value, because wasm-bindgen rewrites the code and the linker's notes about it are no
// longer at the right places. The notes about data are, and are checked.

import { SECTION, mapSections, number, section, sectionsOf, signed, text, unsigned, withSign } from './wasm.mjs';

const SEGMENT_INFO = 5;
const SYMBOL_TABLE = 8;
const CONSTANTS = '.rodata';
const SYMBOL = { data: 1, section: 3 };
const FLAG = { undefined: 0x10, explicitName: 0x40, absolute: 0x200 };
// Kinds of relocation: an address in memory, and what concerns no data.
const ADDRESS = new Set([3, 4, 5]);
const OTHER = new Set([0, 1, 2, 6, 7, 13, 20]);

/**
 * The data of `bytes`, a module with the linker's notes, as one list of segments for the first half and
 * one for the rest, when code of the first half uses these numbers. What the rest brings is zero in the
 * first half: that compresses better than many segments. Without notes the first half has everything.
 */
export function divide(bytes, numbers) {
  const segments = segmentsOf(bytes);
  const notes = notesOf(bytes, segments);
  if (!notes) return { first: segments, rest: [] };
  const kept = reachable(notes, numbers);
  const halves = { first: [], rest: [] };
  for (const segment of segments) {
    const inRest = new Uint8Array(segment.bytes.length);
    const fill = ({ begin, end }, value) => inRest.fill(value, begin - segment.begin, end - segment.begin);
    const own = notes.symbols.filter((each) => each.segment === segment);
    for (const each of own) if (!kept.has(each)) fill(each, 1);
    for (const each of own) if (kept.has(each)) fill(each, 0);
    halves.first.push({ ...segment, bytes: segment.bytes.map((byte, at) => (inRest[at] ? 0 : byte)) });
    halves.rest.push(...runs(segment, inRest));
  }
  return halves;
}

/** A module with these segments of data instead of its own. */
export function withData(bytes, segments) {
  const contents = segments.map(({ begin, bytes: data }) =>
    Buffer.concat([Buffer.from([0, 0x41, ...withSign(begin), 0x0b, ...unsigned(data.length)]), data]),
  );
  const data = section(SECTION.data, Buffer.concat([Buffer.from(unsigned(segments.length)), ...contents]));
  return mapSections(bytes, ({ id }, whole) => {
    if (id === SECTION.data || id === SECTION.dataCount) return undefined;
    return id === SECTION.code && segments.length > 0 ? Buffer.concat([whole, data]) : whole;
  });
}

/** The segments of a module's data: the address where each begins, and its bytes. */
export function segmentsOf(bytes) {
  const data = [...sectionsOf(bytes)].find(({ id }) => id === SECTION.data);
  if (!data) return [];
  let { value: left, at } = number(bytes, data.at);
  const segments = [];
  for (; left > 0; left -= 1) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0x41) throw new Error('a segment of data has no fixed address');
    const { value: begin, at: behind } = signed(bytes, at + 2);
    const { value: length, at: from } = number(bytes, behind + 1);
    at = from + length;
    segments.push({ begin, end: begin + length, bytes: bytes.subarray(from, at), from });
  }
  return segments;
}

/** Fails unless both halves together write the data of the whole, byte for byte, and each byte once. */
export function checkData(whole, first, rest) {
  const before = memoryWith(segmentsOf(first));
  for (const { begin, end } of segmentsOf(rest)) {
    if (before.subarray(begin, end).some((byte) => byte !== 0)) throw new Error(`both halves have data at ${begin}`);
  }
  const after = memoryWith([first, rest].flatMap(segmentsOf));
  if (!memoryWith(segmentsOf(whole)).equals(after)) throw new Error('the halves have other data than the whole');
}

/** A module without the linker's notes. */
export function withoutNotes(bytes) {
  return mapSections(bytes, ({ name }, whole) => (name === 'linking' || name?.startsWith('reloc.') ? undefined : whole));
}

/** The pieces of data that stay in the first half. */
function reachable({ symbols, targets, words }, numbers) {
  const kept = new Set();
  const keep = (symbol) => {
    if (kept.has(symbol)) return;
    kept.add(symbol);
    for (const { value } of words.filter(({ at }) => contains(symbol, at))) use(value);
  };
  const use = (value) => {
    for (const symbol of targets.get(value) ?? []) keep(symbol);
    for (const symbol of symbols) if (contains(symbol, value)) keep(symbol);
  };
  for (const symbol of symbols) if (!symbol.constant) keep(symbol);
  for (const { at, value } of words) if (!symbols.some((each) => contains(each, at))) use(value);
  for (const value of numbers) use(value);
  return kept;
}

const contains = ({ begin, end }, address) => begin <= address && address < end;

/** The parts of a segment that are marked. */
function runs({ begin, bytes }, marked) {
  const found = [];
  for (let from = marked.indexOf(1); from >= 0; ) {
    const behind = marked.indexOf(0, from);
    const to = behind < 0 ? bytes.length : behind;
    found.push({ begin: begin + from, end: begin + to, bytes: bytes.subarray(from, to) });
    from = marked.indexOf(1, to);
  }
  return found;
}

function memoryWith(segments) {
  const memory = Buffer.alloc(Math.max(0, ...segments.map(({ end }) => end)));
  for (const { begin, bytes } of segments) memory.set(bytes, begin);
  return memory;
}

/**
 * The linker's notes: pieces of data; for each address that stands in code or data, the pieces it was
 * calculated from; and where in data which address stands.
 */
function notesOf(bytes, segments) {
  const sections = [...sectionsOf(bytes)];
  const named = (wanted) => sections.find(({ name }) => name === wanted);
  if (!named('linking')) return undefined;
  const all = symbolsOf(bytes, named('linking'), segments);
  const { at: data } = sections.find(({ id }) => id === SECTION.data);
  const targets = new Map();
  const words = [];
  for (const name of ['reloc.CODE', 'reloc.DATA']) {
    for (const { offset, index, addend } of addressesIn(bytes, named(name))) {
      const symbol = all[index];
      if (!symbol) throw new Error(`${name} names an address of something that is no data`);
      const value = symbol.begin + addend;
      targets.set(value, (targets.get(value) ?? new Set()).add(symbol));
      if (name === 'reloc.DATA') words.push(word(bytes, segments, data + offset, value));
    }
  }
  const symbols = all.filter(Boolean);
  addPadding(symbols, segments);
  return { symbols, targets, words };
}

/** Zeros between pieces of data, which are there for alignment, belong to the piece before them. */
function addPadding(symbols, segments) {
  for (const segment of segments) {
    const own = symbols.filter((each) => each.segment === segment).sort((one, other) => one.begin - other.begin);
    own.forEach((symbol, index) => {
      const next = own[index + 1]?.begin ?? symbol.end;
      const between = segment.bytes.subarray(symbol.end - segment.begin, next - segment.begin);
      if (next > symbol.end && between.every((byte) => byte === 0)) symbol.end = next;
    });
  }
}

/** The word at a place in the file, which has to be `value`. */
function word(bytes, segments, place, value) {
  const segment = segments.find(({ from, bytes: { length } }) => from <= place && place + 4 <= from + length);
  if (!segment || bytes.readUInt32LE(place) !== value) throw new Error(`data moved: ${value} is not at ${place}`);
  return { at: segment.begin + place - segment.from, value };
}

/** The addresses that a section of relocations tells of. */
function* addressesIn(bytes, relocations) {
  if (!relocations) return;
  let { value: left, at } = number(bytes, number(bytes, relocations.at).at);
  for (; left > 0; left -= 1) {
    const kind = bytes[at];
    const { value: offset, at: second } = number(bytes, at + 1);
    const { value: index, at: third } = number(bytes, second);
    at = third;
    if (OTHER.has(kind)) continue;
    if (!ADDRESS.has(kind)) throw new Error(`relocations of kind ${kind} are not known`);
    const { value: addend, at: next } = signed(bytes, third);
    at = next;
    yield { offset, index, addend };
  }
}

/** The symbols in their order; those that are no data in memory are left empty. */
function symbolsOf(bytes, linking, segments) {
  const parts = new Map();
  for (let at = number(bytes, linking.at).at; at < linking.end; ) {
    const { value: size, at: begin } = number(bytes, at + 1);
    parts.set(bytes[at], begin);
    at = begin + size;
  }
  const names = segmentNames(bytes, parts.get(SEGMENT_INFO));
  if (names.length !== segments.length) throw new Error('data has other segments than the linker made');
  let { value: left, at } = number(bytes, parts.get(SYMBOL_TABLE));
  const symbols = [];
  const next = (read) => {
    const { value, at: behind } = read(bytes, at);
    at = behind;
    return value;
  };
  for (; left > 0; left -= 1) {
    const kind = next(number);
    const flags = next(number);
    if (kind === SYMBOL.data) {
      next(text);
      symbols.push(flags & FLAG.undefined ? undefined : piece(next(number), next(number), next(number), flags));
    } else {
      next(number);
      if (kind !== SYMBOL.section && (!(flags & FLAG.undefined) || flags & FLAG.explicitName)) next(text);
      symbols.push(undefined);
    }
  }
  return symbols;

  function piece(index, offset, size, flags) {
    if (flags & FLAG.absolute) return undefined;
    const segment = segments[index];
    const begin = segment.begin + offset;
    if (begin + size > segment.end) throw new Error('a piece of data is longer than its segment');
    return { segment, begin, end: begin + size, constant: names[index].startsWith(CONSTANTS) };
  }
}

function segmentNames(bytes, begin) {
  let { value: left, at } = number(bytes, begin);
  const names = [];
  for (; left > 0; left -= 1) {
    const { value: name, at: behind } = text(bytes, at);
    names.push(name);
    at = number(bytes, number(bytes, behind).at).at;
  }
  return names;
}
