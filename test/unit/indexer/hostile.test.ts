import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { IgnoreRules } from "../../../src/indexer/ignoreRules.ts";
import { Pause } from "../../../src/indexer/pause.ts";
import { readFile, readText } from "../../../src/indexer/reading.ts";
import * as walking from "../../../src/indexer/walk.ts";
import { WorkspaceIndex } from "../../../src/indexer/workspaceIndex.ts";
import type { IndexSnapshot } from "../../../src/model/indexerProtocol.ts";
import { everything, indexFiles, indexFolder, named, never, project } from "./project.ts";

const agent = (name: string) => `export class ${name} { run(task: string) {} }`;

describe("the index survives", () => {
  it("an empty folder", async () => {
    const index = await indexFiles({});
    expect(index).toMatchObject({ agents: [], rejected: [], notes: [], files: 0 });
  });

  it("a missing folder, with one clear sentence", async () => {
    await expect(indexFolder(join(project({}), "missing"))).rejects.toThrow(
      /^There is no folder .*missing\.$/,
    );
  });

  it("syntax errors: it lists what it can and names file and line", async () => {
    const index = await indexFiles({
      "a.ts": `${agent("TaxAgent")}\nexport class HalfAgent { run(task: string) { if (\n`,
      "b.ts": agent("GoodAgent"),
    });
    expect(index.agents.map(({ name }) => name)).toEqual(["TaxAgent", "HalfAgent", "GoodAgent"]);
    expect(index.notes).toHaveLength(1);
    expect(index.notes[0]).toMatch(/^a\.ts has a syntax error in line 2 \(.+\): its classes are listed/);
  });

  it("CRLF and byte order marks: lines stay right", async () => {
    const text =
      "// first\r\nimport { x } from './x';\r\n\r\nexport class TaxAgent {\r\n  run(task: string) {}\r\n}\r\n";
    const index = await indexFiles({
      "crlf.ts": text,
      "bom.ts": `\uFEFF${text}`,
      "utf16.ts": Buffer.from(`\uFEFF${text}`, "utf16le"),
      "utf16be.ts": Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
      "odd.ts": Buffer.concat([Buffer.from(`\uFEFF${text}`, "utf16le").swap16(), Buffer.from([0])]),
    });
    for (const { lineno, end_line, methods } of index.agents) {
      expect([lineno, end_line, methods[0]?.lineno]).toEqual([4, 6, 5]);
    }
    expect(index.agents).toHaveLength(5);
  });

  it("JSX in all its files", async () => {
    const index = await indexFiles({
      "a.tsx": "export class AAgent { run<T,>(task: T) { return <div a={1}>{'class NotAgent {'}</div>; } }",
      "b.jsx": "export class BAgent { run(task) { return <><b /></>; } }",
      "c.js": "export class CAgent { run(task) { return <p>it's</p>; } }",
      "d.mts": "export class DAgent { run(task: string) { return <string>task; } }",
    });
    expect(index.agents.map(({ name }) => name)).toEqual(["AAgent", "BAgent", "CAgent", "DAgent"]);
    expect(index.notes).toEqual([]);
  });

  it("classes in comments, strings, templates, regular expressions and declarations: none is listed", async () => {
    const index = await indexFiles({
      "a.ts": [
        "// class CommentAgent { run(task) {} }",
        "/* export class BlockAgent extends BaseAgent {} */",
        "const text = 'class StringAgent {}';",
        "const template = `class TemplateAgent { ${text} }`;",
        "const pattern = /class PatternAgent {}/;",
        "declare class AmbientAgent { run(task: string): void }",
        "declare module 'x' { class ModuleAgent {} }",
        "type T = { class: 'TypeAgent' };",
      ].join("\n"),
      "b.d.ts": "export declare class DeclaredAgent {}",
      "dist/c.js": agent("BuiltAgent").replace(": string", ""),
    });
    expect(everything(index)).toEqual([]);
  });

  it("nesting too deep for a parser, with a note", async () => {
    const deep = "(\n".repeat(60_000) + "1" + ")\n".repeat(60_000);
    const index = await indexFiles({
      "deep.ts": `${agent("DeepAgent")}\nconst x = ${deep};`,
      "b.ts": agent("GoodAgent"),
    });
    expect(named(index, "GoodAgent").role).toBe("agent");
    expect(index.notes).toEqual(["deep.ts was skipped: it is nested too deeply to be parsed."]);
  });

  it("bundles: minified and oversized files are passed over with a note", async () => {
    const statement = 'function a(b){return b+"class XAgent{}"}';
    const index = await indexFiles({
      "lib.js": statement.repeat(3_000),
      "huge.ts": `${agent("HugeAgent")}\n`.repeat(50_000),
      "good.ts": agent("GoodAgent"),
    });
    expect(index.agents.map(({ name }) => name)).toEqual(["GoodAgent"]);
    expect(index.notes).toEqual([
      expect.stringMatching(/^huge\.ts was skipped: it is too large \(2\.\d MB\)\.$/),
      "lib.js was skipped: it is minified.",
    ]);
  });

  it("5 MB in one line, and as much as is read in lines that look written by hand, in bounded time", async () => {
    const statement = 'function a(b){class XAgent extends Y{run(t){return b+"class ZAgent{}"}}}';
    const start = performance.now();
    const index = await indexFiles({
      "bundle.js": statement.repeat(5_000_000 / statement.length),
      "lines.js": `${statement.repeat(10)}\n`.repeat(1_900_000 / statement.length / 10),
      "good.ts": agent("GoodAgent"),
    });
    expect(performance.now() - start).toBeLessThan(60_000);
    expect(index.notes).toEqual(["bundle.js was skipped: it is too large (5.0 MB)."]);
    expect(named(index, "GoodAgent").role).toBe("agent");
  });

  it("bytes that are no text at all", async () => {
    const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, at) => (at * 7919) % 256));
    const index = await indexFiles({
      "noise.ts": Buffer.concat([Buffer.from(`${agent("NoiseAgent")}\n`), bytes]),
      "zeros.ts": Buffer.alloc(40_000),
      "good.ts": agent("GoodAgent"),
    });
    expect(index.agents.map(({ name }) => name)).toEqual(["GoodAgent", "NoiseAgent"]);
    expect(index.notes).toEqual([expect.stringMatching(/^noise\.ts has a syntax error in line 2 /)]);
  });

  it("invalid UTF-8 and odd file names", async () => {
    const index = await indexFiles({
      "ünïcødé näme.ts": agent("ÜberAgent"),
      "bytes.ts": Buffer.concat([
        Buffer.from(agent("ByteAgent")),
        Buffer.from([0x2f, 0x2f, 0xff, 0xfe, 0xc0]),
      ]),
      "[id].$x.ts": agent("RouteAgent"),
    });
    expect(index.agents.map(({ name }) => name).sort()).toEqual(["ByteAgent", "RouteAgent", "ÜberAgent"]);
  });

  it("symbolic links in circles", async () => {
    const root = project({ "src/a.ts": agent("TaxAgent") });
    symlinkSync(root, join(root, "src/loop"), "dir");
    symlinkSync(join(root, "src"), join(root, "again"), "dir");
    const index = await indexFolder(root);
    expect(index.agents.map(({ file_path }) => file_path)).toEqual(["src/a.ts"]);
  });

  it.skipIf(process.platform === "win32")("pipes and sockets that are called like sources", async () => {
    const root = project({ "good.ts": agent("GoodAgent") });
    execFileSync("mkfifo", [join(root, "pipe.ts")]);
    const server = createServer().listen(join(root, "socket.ts"));
    await once(server, "listening");
    const index = new WorkspaceIndex(root, () => undefined);
    const names = async (found: Promise<IndexSnapshot>) => (await found).agents.map(({ name }) => name);
    expect(await names(index.snapshot(never))).toEqual(["GoodAgent"]);
    const updates = ["pipe.ts", "socket.ts"].map((path) => ({ path: join(root, path), text: null }));
    expect(await names(index.update(updates, never))).toEqual(["GoodAgent"]);
    // A file that became a pipe between the listing and the reading.
    expect(readFile(root, "pipe.ts")).toBe(null);
    server.close();
  });

  it.skipIf(process.platform === "win32")("file names that are no paths, or look like none", async () => {
    const odd = [
      "new\nline.ts",
      'quo"te.ts',
      "back\\slash.ts",
      "__proto__.ts",
      "constructor/toString.ts",
      " .ts",
      "-rf.ts",
    ];
    const long = `${"x".repeat(240)}.ts`;
    const index = await indexFiles(
      Object.fromEntries([...odd, long].map((path, at) => [path, agent(`Odd${at}Agent`)])),
    );
    expect(index.agents.map(({ file_path }) => file_path).sort()).toEqual([...odd, long].sort());
    expect(index.notes).toEqual([]);
  });

  it("classes that extend each other in circles, in one file and across files", async () => {
    const index = await indexFiles({
      "self.ts": "export class SelfAgent extends SelfAgent { run(task: string) {} }",
      "a.ts": 'import { BAgent } from "./b";\nexport class AAgent extends BAgent { run(task: string) {} }',
      "b.ts": 'import { CAgent } from "./c";\nexport class BAgent extends CAgent { run(task: string) {} }',
      "c.ts": 'import { AAgent } from "./a";\nexport class CAgent extends AAgent { run(task: string) {} }',
      "barrel.ts": 'export * from "./other";\nexport * from "./barrel";',
      "other.ts": 'export * from "./barrel";',
      "lost.ts":
        'import { LostBase } from "./barrel";\nexport class LostAgent extends LostBase { run(t: string) {} }',
    });
    expect(index.agents.map(({ name }) => name)).toEqual([
      "AAgent",
      "BAgent",
      "CAgent",
      "LostAgent",
      "SelfAgent",
    ]);
  });

  it("endless heads, comments, and lists, in time that grows with the text alone", () => {
    const many = 60_000;
    const files = {
      "heads.ts": `${"class A extends ".repeat(many)}B {}`,
      "as.ts": `export class XAgent { run(t: string) {} }\nconst a = b ${"as c ".repeat(many)};`,
      "spaces.ts": `export class YAgent extends${" ".repeat(many)}Base {}\nimport${"\n".repeat(many)}x`,
      "braces.ts": `${"import {".repeat(many)}\nexport class ZAgent { run(t: string) {} }`,
      "comment.ts": "/* class ".repeat(many),
    };
    const start = performance.now();
    for (const [path, text] of Object.entries(files)) readText(text, path);
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  it("a file that grows while it is read", async () => {
    const root = project({ "grows.ts": `${agent("GrowingAgent")}\n`, "good.ts": agent("GoodAgent") });
    const path = join(root, "grows.ts");
    const code = `for (;;) require("fs").appendFileSync(process.argv[1], "export const more = 1;\\n".repeat(50))`;
    const writer = spawn(process.execPath, ["-e", code, path], { stdio: "ignore" });
    const gone = once(writer, "exit");
    const index = new WorkspaceIndex(root, () => undefined);
    try {
      const names = ({ agents }: IndexSnapshot) => agents.map(({ name }) => name);
      expect(names(await index.snapshot(never))).toEqual(["GoodAgent", "GrowingAgent"]);
      for (let time = 0; time < 5; time += 1)
        expect(names(await index.update([{ path, text: null }], never))).toContain("GoodAgent");
    } finally {
      writer.kill();
      await gone;
    }
    const settled = await index.update([{ path, text: null }], never);
    expect({ ...settled, durationMs: 0 }).toEqual({ ...(await indexFolder(root)), durationMs: 0 });
  });

  it("files and folders that vanish between the listing and the reading", async () => {
    const root = project({
      "a.ts": agent("GoneAgent"),
      "gone/b.ts": agent("LostAgent"),
      "c.ts": agent("GoodAgent"),
    });
    const { walk } = walking;
    const spied = vi.spyOn(walking, "walk").mockImplementation(async (...args) => {
      const found = await walk(...args);
      for (const path of ["a.ts", "gone"]) rmSync(join(root, path), { recursive: true });
      return found;
    });
    const index = await indexFolder(root);
    spied.mockRestore();
    expect(index.agents.map(({ name }) => name)).toEqual(["GoodAgent"]);
    expect(index.notes).toEqual([]);
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "files and folders that may not be read, with a note each",
    async () => {
      const root = project({
        "secret.ts": agent("SecretAgent"),
        "hidden/a.ts": agent("HiddenAgent"),
        "good.ts": agent("GoodAgent"),
      });
      for (const path of ["secret.ts", "hidden"]) chmodSync(join(root, path), 0);
      const index = await indexFolder(root);
      chmodSync(join(root, "hidden"), 0o700);
      expect(index.agents.map(({ name }) => name)).toEqual(["GoodAgent"]);
      expect(index.notes).toEqual([
        "The folder hidden could not be read (EACCES).",
        "secret.ts could not be read (EACCES).",
      ]);
    },
  );

  it("files that vanish before they are read", async () => {
    const root = project({ "a.ts": agent("GoneAgent"), "b.ts": agent("GoodAgent") });
    const { sources } = await walking.walk(root, "", new IgnoreRules(root), new Pause(never));
    rmSync(join(root, "a.ts"));
    expect(sources.sort().map((path) => readFile(root, path)?.facts?.classes[0]?.name)).toEqual([
      undefined,
      "GoodAgent",
    ]);
  });

  it("names that JavaScript objects know already", async () => {
    const index = await indexFiles({
      "a.ts":
        "export class constructor {}\nexport class __proto__Agent extends toString { run(task: string) {} }\nexport class hasOwnPropertyAgent extends __proto__ { run(t: string) {} }",
    });
    expect(index.agents).toHaveLength(2);
  });
});
