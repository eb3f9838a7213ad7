// Manifests that went wrong: what people, editors and templates do to them, drawn by a seed.

/** Numbers that are drawn, the same ones for the same seed. */
export class Draws {
  constructor(seed) {
    this.state = BigInt(seed);
  }

  /** A whole number below a bound. */
  below(bound) {
    this.state = (this.state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((this.state >> 33n) % BigInt(Math.max(bound, 1)));
  }

  one(all) {
    return all[this.below(all.length)];
  }
}

const pieces = [
  ":", ": ", " :", "- ", "-", "? ", "?", "[", "]", "{", "}", "{}", "[]", ",", ", ", "#", " #", "# x\n", "&a ", "*a", "&x", "*x", "!",
  "!!str ", "!!int ", "!!float ", "!!bool ", "!!binary ", "!!null ", "!x ", "!x, ", "!<y> ", "|", "|\n", ">", ">-\n", "|+\n", "|2\n",
  "'", '"', "''", '""', "\\", "\\n", "\\x41", "\\u00e9", "\\/", "%", "%YAML 1.1\n", "%TAG ! tag:x,2026:\n", "@", "`", "<<: *a\n",
  "<<: {a: b}\n", "<<", "=", "~", "null", "true", "yes", "no", "on", "y", "0x1F", "0o17", "0644", "08", "1_000", "1.5", "1e3", "1e999",
  ".inf", ".nan", "-0", "+1", "1:30", "2026-01-01", "18446744073709551615", "18446744073709551616", "é", "漢", "😀", "\u00a0", "\u0085",
  "\u2028", "\ufeff", "\u0000", "\u0007", "\u007f", "\ufffd", "\t", "  ", " ", "\n", "\n\n", "\r", "\r\n", "\r\r\n", "---\n", "\n---\n",
  "--- # x\n", "---x\n", "--- x\n", "...\n", "\n...\n", "- a: 1\n", "a: 1\n", "  a: b: c\n", "kind: List\n", "items:\n", "^ < ` | >", "!b,\n",
  "{{ .Values.x }}", "{{- if .x }}\n", "$(X)", "\\\n", "\\t", "key: |\n", "? a\n: b\n", "1: a\n", "1.50: a\n", "~: a\n", "[a]: b\n",
];

const lines = (text) => text.split(/(?<=\n)/);

/** Some of what can happen to one place. */
const damages = [
  (text, draws) => edit(text, draws, 0, draws.one(pieces)),
  (text, draws) => edit(text, draws, 0, draws.one(pieces)),
  (text, draws) => edit(text, draws, 0, draws.one(pieces)),
  (text, draws) => edit(text, draws, draws.below(4), ""),
  (text, draws) => edit(text, draws, draws.below(40), ""),
  (text, draws) => edit(text, draws, 1, draws.one(pieces)),
  (text, draws) => edit(text, draws, 1, String.fromCodePoint(32 + draws.below(95))),
  (text, draws) => {
    const at = draws.below(text.length - 1);
    return text.slice(0, at) + (text[at + 1] ?? "") + (text[at] ?? "") + text.slice(at + 2);
  },
  (text, draws) => onLines(text, draws, (all, at) => all.splice(at, 1)),
  (text, draws) => onLines(text, draws, (all, at) => all.splice(at, 0, all[at])),
  (text, draws) => onLines(text, draws, (all, at) => all.splice(at, 2, all[at + 1] ?? "", all[at])),
  (text, draws) => onLines(text, draws, (all, at) => (all[at] = draws.one([" ", "  ", "\t", "    "]) + all[at])),
  (text, draws) => onLines(text, draws, (all, at) => (all[at] = all[at].replace(/^ {1,2}/, ""))),
  (text, draws) => onLines(text, draws, (all, at) => (all[at] = all[at].replace(/^ {2}/, "\t"))),
  (text, draws) => onLines(text, draws, (all, at) => (all[at] = all[at].replace(/: ?/, draws.one([":", ": |\n", ": >\n", ": &a ", ": *a ", ": !!str "])))),
  (text, draws) => onLines(text, draws, (all, at) => (all[at] = all[at].replace(/: (.+)\n/, draws.one([": '$1'\n", ': "$1"\n', ": '$1\n", ': "$1\n', ": [$1]\n", ": {$1}\n"])))),
  (text, draws) => onLines(text, draws, (all, at) => (all[at] = draws.one(["---\n", "...\n", "--- \n", "# comment\n", "\n", "-\n", "\t\n"]) + all[at])),
  (text, draws) => onLines(text, draws, (all, at) => (all[at] = all[at].replace(/\n$/, draws.one(["\r\n", "\r", " \n", "\t\n", " # x\n", "#x\n", ""])))),
  (text, draws) => text.slice(0, draws.below(text.length)),
  (text) => text.replace(/\n/g, "\r\n"),
  (text) => text.replace(/\n$/, ""),
  (text) => `\ufeff${text}`,
  (text, draws) => draws.one(["---\n", "\n", "# x\n", "%YAML 1.1\n---\n", "{", "...\n"]) + text,
  (text, draws) => text + draws.one(["---\n", "...\n", "---", "\n---\n\n---\n", "...\nx: [\n", "}", "\t", " ", "# x", "{}\n", "--- |\n x\n"]),
  (text, draws) => `${text}---\n${draws.one(pieces)}\n`,
];

function edit(text, draws, length, piece) {
  const at = draws.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at + length);
}

function onLines(text, draws, change) {
  const all = lines(text);
  change(all, draws.below(all.length));
  return all.join("");
}

/** A manifest with one to four damages. */
export function damaged(text, draws) {
  const count = 1 + (draws.below(3) ? 0 : draws.below(4));
  let result = text;
  for (let each = 0; each < count; each++) result = draws.one(damages)(result, draws);
  // A damage may have cut a character that JavaScript keeps in two halves.
  return result.toWellFormed();
}
