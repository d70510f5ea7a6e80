import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve, sep } from "node:path";
import type { AgentRecord } from "../../src/model/agentRecord.ts";

// node test/corpus/migrate.ts [--placement=sibling-file] CHECKOUT…: migrates all agents of copies, a second time, and takes
// everything back, by the built command line, which is given the options. `npm run build` comes first.
const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const isOption = (argument: string): boolean => argument.startsWith("--");
const options = process.argv.slice(2).filter(isOption);
const checkouts = process.argv.slice(2).filter((argument) => !isOption(argument));
if (checkouts.length === 0) {
  console.error("Usage: node test/corpus/migrate.ts CHECKOUT…: folders, which are copied first.");
  process.exit(2);
}

interface Line {
  file_path: string;
  name: string;
  status: string;
  reason: string | null;
}

function run(...args: string[]): { code: number | null; lines: unknown[]; errors: string; seconds: number } {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const seconds = (performance.now() - startedAt) / 1000;
  return { code: status, lines: lines.map((line) => JSON.parse(line) as unknown), errors: stderr, seconds };
}

const migrations = (lines: readonly unknown[]): Line[] => lines.map((line) => (line as { data: Line }).data);

/** Of every file but the migrations' own log. */
function treeHash(root: string): string {
  const hash = createHash("sha256");
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" }).sort()) {
    if (path === ".proj-intel" || path.startsWith(`.proj-intel${sep}`)) continue;
    const full = join(root, path);
    const stats = lstatSync(full);
    hash.update(`${path}\0${stats.mode}\0`);
    if (stats.isSymbolicLink()) hash.update(readlinkSync(full));
    else if (stats.isFile()) hash.update(readFileSync(full));
  }
  return hash.digest("hex");
}

function counted(lines: readonly Line[]): string[] {
  const counts = new Map<string, number>();
  for (const { name, reason } of lines) {
    const kind = (reason ?? "")
      .replaceAll(name || "\0", "…")
      .replaceAll(/\S+\.[jt]sx?:\d+/g, "FILE")
      .replace(/(calls its|It has) .+?\.(?= |$)/g, "$1 ….");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${String(count).padStart(5)}  ${reason}`);
}

/** Classes of which objects can be made from outside, and which are no test's. */
const isConcrete = ({ kind, abstract, test }: AgentRecord): boolean => kind === "class" && !abstract && !test;

function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
}

function migrate(checkout: string, root: string): void {
  const started = treeHash(root);
  const index = run("index", root, "--json");
  const agents = index.lines.map((line) => (line as { data: AgentRecord }).data);
  const report = join(root, "..", "report.md");
  const first = run("migrate", root, "--all", "--json", "--verify", "--report", report, ...options);
  const lines = migrations(first.lines);
  const of = (status: string) => lines.filter((line) => line.status === status);
  const migrated = new Set(of("migrated").map(({ file_path, name }) => `${file_path}#${name}`));
  const concrete = agents.filter(isConcrete);
  const done = concrete.filter(({ file_path, name }) => migrated.has(`${file_path}#${name}`));
  console.log(`${basename(checkout)}  ${first.seconds.toFixed(1)} s, exit code ${first.code}`);
  console.log(`  migrated ${migrated.size}, skipped ${of("skipped").length}, failed ${of("failed").length}`);
  console.log(
    `  concrete classes migrated: ${done.length} of ${concrete.length}, ${percent(done.length, concrete.length)}`,
  );
  for (const status of ["skipped", "failed"]) {
    for (const line of counted(of(status))) console.log(`  ${status.padEnd(8)}${line}`);
  }
  if (first.lines.length === 0) console.log(`  ${first.errors.trim()}`);
  for (const line of readReport(report)) console.log(`  ${line}`);
  const after = treeHash(root);
  const second = run("migrate", root, "--all", "--json", "--verify", ...options);
  console.log(
    `  a second time changes ${treeHash(root) === after ? "nothing" : "FILES"}, exit code ${second.code}`,
  );
  if (migrated.size === 0) return;
  const undone = run("migrate", root, "--undo", "--json");
  const same = treeHash(root) === started;
  console.log(`  undone ${undone.lines.length}: ${same ? "as it was, byte for byte" : "NOT as it was"}`);
  if (!same || undone.code !== 0) console.log(`  ${undone.errors.trim()}`);
}

/** What compilers said. */
function readReport(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => /\|.*\| \d+ \| \d+ \|$/.test(line));
  } catch {
    return [];
  }
}

for (const checkout of checkouts) {
  const temporary = mkdtempSync(join(tmpdir(), "opsvi-corpus-"));
  const root = join(temporary, basename(checkout));
  try {
    cpSync(checkout, root, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => basename(path) !== ".git",
    });
    migrate(checkout, root);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
