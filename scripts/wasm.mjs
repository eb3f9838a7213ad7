// Reads WebAssembly as bytes: its sections and the numbers in them.

export const SECTION = { custom: 0, memory: 5, export: 7, start: 8, element: 9, code: 10, data: 11, dataCount: 12 };

/**
 * The sections of a module in their order. `begin` is where a section begins, `at` where its contents
 * do, and `end` what follows it; custom sections have a name, and `at` is behind it.
 */
export function* sectionsOf(bytes) {
  for (let begin = 8; begin < bytes.length; ) {
    const id = bytes[begin];
    const { value: size, at } = number(bytes, begin + 1);
    const end = at + size;
    if (id === SECTION.custom) {
      const { value: name, at: behind } = text(bytes, at);
      yield { id, name, begin, at: behind, end };
    } else {
      yield { id, begin, at, end };
    }
    begin = end;
  }
}

/** A module of which each section was replaced by what `change` makes of it: bytes, or nothing. */
export function mapSections(bytes, change) {
  const sections = [...sectionsOf(bytes)].map((section) => change(section, bytes.subarray(section.begin, section.end)));
  return Buffer.concat([bytes.subarray(0, 8), ...sections.filter(Boolean)]);
}

/** A whole section. */
export function section(id, contents) {
  return Buffer.concat([Buffer.from([id]), Buffer.from(unsigned(contents.length)), contents]);
}

/** The number (LEB128) that begins at `at`, and what follows it. */
export function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return { value, at: at + 1 };
  }
}

/** The number with a sign (LEB128 of up to 32 bits) that begins at `at`, and what follows it. */
export function signed(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] >= 0x80) continue;
    return { value: bytes[at] & 0x40 ? value - 2 ** (shift + 7) : value, at: at + 1 };
  }
}

/** The text that begins at `at`, and what follows it. */
export function text(bytes, at) {
  const { value: length, at: begin } = number(bytes, at);
  return { value: bytes.toString('utf8', begin, begin + length), at: begin + length };
}

/** A number as LEB128. */
export function unsigned(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** A number with a sign as LEB128. */
export function withSign(value) {
  if (value >= -0x40 && value < 0x40) return [value & 0x7f];
  return [(value & 0x7f) | 0x80, ...withSign(value >> 7)];
}
