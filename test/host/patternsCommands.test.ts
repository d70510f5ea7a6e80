import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine, jsonLines } from "./commandLine.ts";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);

const AGENTS = `
  export class Loader { run(task) {
    if (task.mode === "fast") throw new TypeError("cannot load " + task.id);
    return "done";
  } }
  export class Other { run(task) { throw new RangeError("out of range"); } }`;

interface Line {
  type: string;
  data: { signature: string; type: string; occurrences: number; [field: string]: unknown };
}
const list = async (...options: string[]) =>
  jsonLines((await cli("patterns", "list", "--json", ...options)).out) as Line[];

async function failing(): Promise<{ loader: string; other: string }> {
  await workspace.write("package.json", "{}");
  await workspace.write("a.mjs", AGENTS);
  for (const id of [17, 18]) await workspace.start("a.mjs#Loader", { id, mode: "fast" }).finished;
  await workspace.start("a.mjs#Loader", { id: 18, mode: "slow" }).finished;
  await workspace.start("a.mjs#Other").finished;
  const lines = await list();
  const of = (type: string) => lines.find(({ data }) => data.type === type)?.data.signature ?? "";
  return { loader: of("TypeError"), other: of("RangeError") };
}

test("patterns list tells what agents failed with, patterns show why and what helped", async () => {
  const empty = await cli("patterns", "list", ".");
  expect(empty).toMatchObject({ code: 0, out: "" });
  expect(empty.err).toMatch(/No error pattern is known/);
  const { loader } = await failing();
  expect(await list()).toMatchObject([{ type: "pattern" }, { type: "pattern" }]);
  expect(await list("--type", "TypeError")).toMatchObject([
    { data: { signature: loader, occurrences: 2, agents: ["Loader"] } },
  ]);
  expect(await list("--agent", "Nobody")).toEqual([]);
  const { out } = await cli("patterns", "list");
  expect(out).toMatch(new RegExp(`^${loader}  2×  .*TypeError: cannot load`, "m"));
  const shown = await cli("patterns", "show", loader.slice(0, 6));
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(
    /^unconfirmed +Set mode of the task to "slow"\. \(passed 1 of 1, at least \d+ %\)$/m,
  );
  const [json] = jsonLines((await cli("patterns", "show", loader, "--json")).out) as Line[];
  expect(json?.data.solutionRows).toMatchObject([
    { proposed: true, solution: { action: { type: "patch", task: { mode: "slow" } } } },
  ]);
  expect(await cli("patterns", "show", "zzz")).toMatchObject({ code: 2, out: "" });
});

test("patterns merge, split, mute and rename show what becomes of the history, and are taken back", async () => {
  const { loader, other } = await failing();
  const dry = await cli("patterns", "merge", other, loader, "--dry-run", "--json");
  expect(jsonLines(dry.out)).toMatchObject([
    { type: "preview", data: { after: [{ signature: loader, occurrences: 3 }], before: [{}, {}] } },
  ]);
  expect(await list()).toHaveLength(2);
  expect(await cli("patterns", "merge", other, loader)).toMatchObject({ code: 0 });
  expect(await list()).toMatchObject([{ data: { signature: loader, occurrences: 3 } }]);
  await workspace.start("a.mjs#Other").finished;
  expect(await list()).toMatchObject([{ data: { occurrences: 4 } }]);
  expect(await cli("patterns", "unmerge", other)).toMatchObject({ code: 0 });
  expect(await list()).toHaveLength(2);
  expect(await cli("patterns", "split", loader)).toMatchObject({ code: 2 });
  expect(await cli("patterns", "split", loader, "--agent", "Loader")).toMatchObject({ code: 0 });
  const part = (await list()).find(({ data }) => ![loader, other].includes(data.signature))?.data;
  expect(part).toMatchObject({ occurrences: 2, agents: ["Loader"] });
  await cli("patterns", "unsplit", loader, part?.signature ?? "");
  await cli("patterns", "rename", loader, "Cannot load");
  expect(await list("--type", "TypeError")).toMatchObject([
    { data: { title: "Cannot load", occurrences: 2 } },
  ]);
  await cli("patterns", "mute", loader);
  expect(await list("--type", "TypeError")).toEqual([]);
  expect(await list("--type", "TypeError", "--muted")).toHaveLength(1);
  expect(await cli("patterns", "mute", loader, "--until", "soon")).toMatchObject({ code: 2 });
  await cli("patterns", "unmute", loader);
  expect(await list("--type", "TypeError")).toHaveLength(1);
  expect((await cli("patterns", "merge", loader, loader)).err).toMatch(/into itself/);
});

test("patterns export and import share what was learned, and a second time changes nothing", async () => {
  await failing();
  expect(await cli("patterns", "export", "shared.json")).toMatchObject({ code: 0, out: "" });
  const text = await readFile(join(workspace.root, "shared.json"), "utf8");
  expect((await cli("patterns", "export")).out).toBe(text);
  await workspace.write("team/package.json", "{}");
  const take = () => cli("patterns", "import", "shared.json", "--workspace", "team", "--json");
  expect(jsonLines((await take()).out)).toEqual([
    { type: "import", data: { added: 2, updated: 0, unchanged: 0, dropped: 0 } },
  ]);
  expect(jsonLines((await take()).out)).toEqual([
    { type: "import", data: { added: 0, updated: 0, unchanged: 2, dropped: 0 } },
  ]);
  await workspace.write("broken.json", "{");
  expect(await cli("patterns", "import", "broken.json")).toMatchObject({ code: 2, out: "" });
  expect((await cli("patterns", "import", "broken.json")).err).toMatch(
    /cannot be imported: it is not complete JSON/,
  );
});

test("what a file names a pattern steers no terminal where it is changed", async () => {
  await workspace.write(
    ".proj-intel/error_patterns.json",
    JSON.stringify({ patterns: [{ error_signature: "feed", title: "\u001b]0;mine\u0007\u202ered" }] }),
  );
  const { code, out } = await cli("patterns", "rename", "feed", "plain");
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Change "red"') as string });
  expect(out).not.toMatch(/[\u001b\u0007\u202e]/);
});
