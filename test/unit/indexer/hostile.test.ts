import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { IgnoreRules } from "../../../src/indexer/ignoreRules.ts";
import { Pause } from "../../../src/indexer/pause.ts";
import { readFile, readText } from "../../../src/indexer/reading.ts";
import { walk } from "../../../src/indexer/walk.ts";
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
    });
    for (const { lineno, end_line, methods } of index.agents) {
      expect([lineno, end_line, methods[0]?.lineno]).toEqual([4, 6, 5]);
    }
    expect(index.agents).toHaveLength(3);
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
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("files that vanish before they are read", async () => {
    const root = project({ "a.ts": agent("GoneAgent"), "b.ts": agent("GoodAgent") });
    const { sources } = await walk(root, "", new IgnoreRules(root), new Pause(never));
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
