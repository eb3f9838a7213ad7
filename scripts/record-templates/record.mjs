// Records anew what the real programs make of the cases in tests/conformance/helm/templates.jsonl.gz:
//
//   node scripts/record-templates/record.mjs
//
// It needs `helm` 3.22 on PATH, as it is released or built with the versions that a release names
// (internal/version.version, chartutil.k8sVersionMajor and k8sVersionMinor), and go for kubectl's
// printer (k8s.io/cli-runtime 0.37). A case is a template and perhaps arguments and files; it is
// filled in with the chart in tests/helm/chart, or with the object in tests/helm/object.json.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const root = join(import.meta.dirname, "../..");
const file = join(root, "tests/conformance/helm/templates.jsonl.gz");
const cases = gunzipSync(readFileSync(file)).toString().split("\n").filter(Boolean).map((line) => JSON.parse(line));

function helm({ text, args = "", files = {} }) {
  const folder = mkdtempSync(join(tmpdir(), "templates-"));
  const chart = join(folder, "chart");
  cpSync(join(root, "tests/helm/chart"), chart, { recursive: true });
  const own = text === undefined ? files : { ...files, "templates/_t.tpl": text };
  for (const [name, content] of Object.entries(own)) {
    mkdirSync(dirname(join(chart, name)), { recursive: true });
    writeFileSync(join(chart, name), content);
  }
  const line = `helm template rel ./chart ${args} 2>&1`;
  const { stdout, status } = spawnSync("bash", ["-c", line], { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return { output: stdout, exit: status };
}

function kubectl(texts) {
  const folder = mkdtempSync(join(tmpdir(), "printer-"));
  cpSync(join(import.meta.dirname, "main.go"), join(folder, "main.go"));
  const go = (...args) => execFileSync("go", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  go("mod", "init", "printer");
  go("get", "k8s.io/cli-runtime/pkg/printers@v0.37.0", "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured@v0.37.0");
  go("build", "-o", "printer", ".");
  const object = readFileSync(join(root, "tests/helm/object.json"), "utf8").trim();
  const input = [object, ...texts.map((text) => JSON.stringify(text))].join("\n");
  const output = execFileSync(join(folder, "printer"), { input, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return output.trim().split("\n").map((line) => JSON.parse(line));
}

const printed = kubectl(cases.flatMap((it) => (it.kubectl === undefined ? [] : [it.kubectl])));
for (const own of cases) Object.assign(own, own.kubectl === undefined ? helm(own) : printed.shift());
writeFileSync(file, gzipSync(cases.map((it) => JSON.stringify(it) + "\n").join(""), { level: 9 }));
