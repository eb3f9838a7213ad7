// Records anew what kubectl reads from damaged manifests, in tests/conformance/reader/damaged.jsonl.gz:
//
//   node scripts/record-reader/record.mjs [FOLDER...]
//
// It needs go, for kubectl's own reader (k8s.io/cli-runtime 0.36.3). Damaged are the manifests of this
// project (static/examples, those in tests/conformance/apiserver) and those in the folders. The recording
// was made with https://github.com/kubernetes/examples (Apache-2.0) at 279e8e4fe314, and with the
// manifests of the sessions that were recorded on a cluster.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { Draws, damaged } from "./damage.mjs";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "tests/conformance/reader");
const SEED = Number(process.env.SEED ?? 16);
const CASES = Number(process.env.CASES ?? 6000);
/** Longer manifests say no more, but would make the recording large. */
const LONGEST = 2500;

function manifests(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  return files.map((name) => readFileSync(join(folder, name), "utf8")).filter((text) => text.length < LONGEST);
}

function own() {
  const recorded = gunzipSync(readFileSync(join(root, "tests/conformance/apiserver/validation.jsonl.gz"))).toString();
  const texts = recorded.split("\n").filter(Boolean).map((line) => JSON.parse(line).manifest);
  return texts.filter((text, at) => text.length < LONGEST && at % 25 === 0);
}

/** kubectl's reader, built. */
function reader() {
  const folder = mkdtempSync(join(tmpdir(), "reader-"));
  cpSync(join(import.meta.dirname, "main.go"), join(folder, "main.go"));
  const go = (...args) => execFileSync("go", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  go("mod", "init", "reader");
  go("get", "k8s.io/cli-runtime/pkg/resource@v0.36.3", "k8s.io/apimachinery/pkg/runtime@v0.36.3");
  go("build", "-o", "reader", ".");
  const program = join(folder, "reader");
  const read = (texts) => {
    const input = texts.map((text) => `${JSON.stringify(text)}\n`).join("");
    const output = execFileSync(program, { input, maxBuffer: 1 << 30, stdio: ["pipe", "pipe", "inherit"] });
    return output.toString().split("\n").filter(Boolean).map((line) => JSON.parse(line));
  };
  return { read, end: () => rmSync(folder, { recursive: true }) };
}

const { read, end } = reader();
const written = [...manifests(join(root, "static/examples")), ...process.argv.slice(2).flatMap(manifests), ...own()];
// Each also as JSON.
const asJson = read(written).map(({ objects }) => objects?.map((object) => JSON.stringify(object, null, 2)).join("\n"));
const bases = [...written, ...asJson.filter((text, at) => text && text.length < LONGEST && at % 8 === 0)];
const draws = new Draws(SEED);
const texts = bases.flatMap((base) => {
  const share = Array.from({ length: Math.ceil(CASES / bases.length) }, () => damaged(base, draws));
  return [base, ...share];
});
const results = read(texts);
end();
mkdirSync(folder, { recursive: true });
const cases = texts.map((text, at) => `${JSON.stringify({ text, ...results[at] })}\n`);
writeFileSync(join(folder, "damaged.jsonl.gz"), gzipSync(cases.join(""), { level: 9 }));
console.log(`cases ${cases.length}, refused ${results.filter((result) => result.error).length}`);
