import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TypeCheckReport } from "../../src/model/typeCheck.ts";
import { TypeCheckClient } from "../../src/typeCheck/client.ts";

const processFile = resolve(import.meta.dirname, "../../dist/typeCheck.cjs");
const repository = resolve(import.meta.dirname, "../..");
const strict = {
  strict: true,
  target: "es2022",
  module: "es2022",
  moduleResolution: "bundler",
  types: [],
  lib: ["es2022"],
};
const wrong = "export const wrong: number = 'x';\n";

let root = "";
let client: TypeCheckClient;
let progress: [number, number][];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "types of a project ")));
  progress = [];
  client = open();
});
afterEach(async () => {
  client.dispose();
  await rm(root, { recursive: true, force: true });
});

function open(options: { processFile?: string; memoryMb?: number; root?: string } = {}): TypeCheckClient {
  return new TypeCheckClient({
    root,
    processFile,
    node: { path: process.execPath, env: {} },
    onProgress: (done, total) => progress.push([done, total]),
    ...options,
  });
}

async function write(files: Record<string, string | object>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

async function install(folder = ""): Promise<string> {
  await mkdir(join(root, folder, "node_modules"), { recursive: true });
  await symlink(
    join(repository, "node_modules/typescript"),
    join(root, folder, "node_modules/typescript"),
    "junction",
  );
  const manifest = await readFile(join(repository, "node_modules/typescript/package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

async function check(...files: string[]): Promise<TypeCheckReport> {
  return client.check(files.map((file) => join(root, file)));
}

/** Without times. */
function summary(report: TypeCheckReport): Record<string, string[]> {
  const rows = report.projects.map(({ config, problems }) => [
    config,
    problems.map(({ path, line, character, code }) =>
      path === null ? `TS${code}` : `${path}:${line}:${character} TS${code}`,
    ),
  ]);
  return Object.fromEntries(rows) as Record<string, string[]>;
}

describe("A project without a compiler", () => {
  test("is checked by ours, with the texts of its libraries", async () => {
    await write({
      "tsconfig.json": { compilerOptions: { ...strict, lib: ["esnext", "dom"] } },
      "src/a.ts": "export const a = new Map<string, Element>();\nexport const b: number = document.title;\n",
    });
    const report = await check("src/a.ts");
    expect(report).toEqual({
      projects: [
        {
          config: "tsconfig.json",
          compiler: { version: expect.stringMatching(/^6\.\d+\.\d+$/) as string, origin: "opsvi-agents" },
          problems: [
            {
              path: "src/a.ts",
              line: 2,
              character: 14,
              code: 2322,
              message: "Type 'string' is not assignable to type 'number'.",
            },
          ],
          durationMs: expect.any(Number) as number,
        },
      ],
      unchecked: [],
    });
    expect(progress).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test("is checked without its packages, before and after in the same way", async () => {
    await write({
      "tsconfig.json": { extends: "@tsconfig/node20/tsconfig.json", compilerOptions: { types: ["node"] } },
      "a.ts": "import { z } from 'zod';\nexport const a: string = z;\n",
    });
    const first = summary(await check("a.ts"));
    expect(first).toEqual({ "tsconfig.json": ["TS2688", "a.ts:1:19 TS2307", "tsconfig.json:1:12 TS6053"] });
    expect(summary(await check("a.ts"))).toEqual(first);
  });
});

describe("A project with TypeScript", () => {
  test("is checked by it, and the second time knows what an edit breaks elsewhere", async () => {
    const version = await install();
    await write({
      "tsconfig.json": { compilerOptions: strict },
      "a.ts": "export const a = 1;\n",
      "b.ts": "import { a } from './a';\nexport const b: number = a;\n",
    });
    const before = await check("a.ts");
    expect(before.projects[0]?.compiler).toEqual({ version, origin: "project" });
    expect(summary(before)).toEqual({ "tsconfig.json": [] });
    await write({ "a.ts": "export const a = 'now a text';\n", "c.ts": wrong });
    expect(summary(await check("a.ts", "c.ts"))).toEqual({
      "tsconfig.json": ["b.ts:2:14 TS2322", "c.ts:1:14 TS2322"],
    });
    await write({ "a.ts": "export const a = 1;\n" });
    await rm(join(root, "c.ts"));
    expect(summary(await check("a.ts", "c.ts"))).toEqual({ "tsconfig.json": [] });
  });

  test("is known again after changes that others see by way of others, or without importing them", async () => {
    await install();
    await write({
      "tsconfig.json": { compilerOptions: strict },
      "a.ts": "export const a = 1;\n",
      "b.ts": "export * from './a';\n",
      "c.ts": "import * as all from './b';\nexport const c: { a: number; extra?: string } = all;\n",
      "globals.ts": "declare global {\n  var everywhere: number;\n}\nexport {};\n",
      "d.ts": "export const d: number = everywhere;\n",
      "e.ts": "export {};\n",
    });
    expect(summary(await check("a.ts"))).toEqual({ "tsconfig.json": [] });
    await write({ "a.ts": "export const a = 1;\nexport const extra = 2;\n" });
    expect(summary(await check("a.ts"))).toEqual({ "tsconfig.json": ["c.ts:2:14 TS2322"] });
    await write({ "globals.ts": "declare global {\n  var everywhere: string;\n}\nexport {};\n" });
    expect(summary(await check("a.ts"))).toEqual({
      "tsconfig.json": ["c.ts:2:14 TS2322", "d.ts:1:14 TS2322"],
    });
    await rm(join(root, "globals.ts"));
    expect(summary(await check("a.ts"))).toEqual({
      "tsconfig.json": ["c.ts:2:14 TS2322", "d.ts:1:26 TS2304"],
    });
  });

  test("has each of its problems told, whatever else is wrong", async () => {
    await install();
    await write({
      "tsconfig.json": '{ "compilerOptions": { "strict": true, "nonsense": 1, "types": [] }, ',
      "a.ts": wrong,
      "b.ts": "export const = ;\n",
    });
    expect(summary(await check("a.ts"))["tsconfig.json"]).toEqual(
      expect.arrayContaining(["a.ts:1:14 TS2322", "b.ts:1:14 TS1134", "tsconfig.json:1:40 TS5023"]),
    );
  });

  test("is told of declarations that cannot be written", async () => {
    await install();
    await write({
      "tsconfig.json": { compilerOptions: { ...strict, declaration: true } },
      "a.ts": "export const A = class {\n  private x = 1;\n};\n",
    });
    expect(summary(await check("a.ts"))).toEqual({ "tsconfig.json": ["a.ts:1:14 TS4094"] });
  });

  test("checks JavaScript only where the project does", async () => {
    await install();
    const text = "/** @type {number} */\nexport const a = 'x';\n";
    await write({
      "on/jsconfig.json": { compilerOptions: { ...strict, checkJs: true } },
      "on/a.js": text,
      "off/tsconfig.json": { compilerOptions: { ...strict, allowJs: true, outDir: "dist" } },
      "off/a.js": text,
      "none/tsconfig.json": { compilerOptions: strict },
      "none/a.js": text,
      "none/b.ts": "export {};\n",
    });
    const report = await check("on/a.js", "off/a.js", "none/a.js");
    expect(summary(report)).toEqual({ "on/jsconfig.json": ["on/a.js:2:14 TS2322"], "off/tsconfig.json": [] });
    expect(report.unchecked).toEqual(["none/a.js"]);
  });
});

describe("The project of a file", () => {
  beforeEach(() => install());

  test("is the referenced one that lists it; what it references need not be built", async () => {
    const composite = { ...strict, composite: true, outDir: "dist", rootDir: "." };
    await write({
      "tsconfig.json": { files: [], references: [{ path: "core" }, { path: "app" }] },
      "core/tsconfig.json": { compilerOptions: composite },
      "core/index.ts": `export const one = 1;\n${wrong}`,
      "app/tsconfig.json": {
        compilerOptions: { ...composite, rootDir: ".." },
        references: [{ path: "../core" }],
        include: ["."],
      },
      "app/index.ts": "import { one } from '../core/index';\nexport const text: string = one;\n",
    });
    expect(summary(await check("app/index.ts"))).toEqual({
      "app/tsconfig.json": ["app/index.ts:2:14 TS2322"],
    });
    expect(summary(await check("core/index.ts"))).toEqual({
      "core/tsconfig.json": ["core/index.ts:2:14 TS2322"],
    });
  });

  test("may be another one of its folder, one further up, or one that only imports it", async () => {
    await write({
      "tsconfig.base.json": { compilerOptions: strict },
      "tsconfig.json": { extends: "./tsconfig.base.json", include: ["scripts"] },
      "scripts/a.ts": wrong,
      "pack/tsconfig.json": { extends: "../tsconfig.base.json", files: ["index.ts"] },
      "pack/index.ts": "export * from './imported';\n",
      "pack/imported.ts": wrong,
      "pack/left.ts": wrong,
      "pack/tests/a.ts": wrong,
      "pack/tsconfig.test.json": { extends: "../tsconfig.base.json", include: ["tests"] },
    });
    const report = await check(
      "scripts/a.ts",
      "pack/imported.ts",
      "pack/left.ts",
      "pack/tests/a.ts",
      "pack/gone.ts",
    );
    expect(summary(report)).toEqual({
      "tsconfig.json": ["scripts/a.ts:1:14 TS2322"],
      "pack/tsconfig.json": ["pack/imported.ts:1:14 TS2322"],
      "pack/tsconfig.test.json": ["pack/tests/a.ts:1:14 TS2322"],
    });
    expect(report.unchecked).toEqual(["pack/left.ts"]);
  });

  test("is found by way of a symbolic link to the folder", async () => {
    await write({
      "real/tsconfig.json": { compilerOptions: strict },
      "real/a.ts": wrong,
      "real/b.vue": "<script />\n",
    });
    await symlink(join(root, "real"), join(root, "link"), "junction");
    const linked = open({ root: join(root, "link") });
    try {
      const report = await linked.check([join(root, "link/a.ts"), join(root, "link/b.vue")]);
      expect(summary(report)).toEqual({ "tsconfig.json": ["a.ts:1:14 TS2322"] });
      expect(report.unchecked).toEqual(["b.vue"]);
    } finally {
      linked.dispose();
    }
  });
});

describe("A compiler from version 7 on", () => {
  const bin = (script: string) => ({
    "node_modules/typescript/package.json": {
      name: "typescript",
      version: "7.3.1",
      bin: { tsc: "./bin/tsc.cjs" },
    },
    "node_modules/typescript/bin/tsc.cjs": script,
    "tsconfig.json": { compilerOptions: strict },
    "src/a.ts": "export {};\n",
  });

  test("is run, and what it prints is read", async () => {
    await write(
      bin(`
        const { argv, cwd } = process;
        require("node:fs").writeFileSync("asked.json", JSON.stringify([argv.slice(2), cwd()]));
        console.log("src/a.ts(1,8): error TS2322: One.\\n  Two.\\nerror TS2688: Three.");
        process.exitCode = 1;`),
    );
    const report = await check("src/a.ts");
    expect(report.projects[0]?.compiler).toEqual({ version: "7.3.1", origin: "project" });
    expect(report.projects[0]?.problems).toEqual([
      { path: "src/a.ts", line: 1, character: 8, code: 2322, message: "One.\n  Two." },
      { path: null, line: 0, character: 0, code: 2688, message: "Three." },
    ]);
    const asked = JSON.parse(await readFile(join(root, "asked.json"), "utf8")) as unknown;
    expect(asked).toEqual([["--noEmit", "--pretty", "false", "-p", join(root, "tsconfig.json")], root]);
  });

  test("that fails is named", async () => {
    await write(bin(`console.error("Unable to find the executable."); process.exitCode = 9;`));
    await expect(check("src/a.ts")).rejects.toMatchObject({
      name: "UserError",
      message: `The project's TypeScript could not check ${join(root, "tsconfig.json")}: Unable to find the executable.`,
    });
  });

  test("ends with an abort", async () => {
    await write(
      bin(`require("node:fs").writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1e6);`),
    );
    const controller = new AbortController();
    const answer = client.check([join(root, "src/a.ts")], controller.signal);
    await expect
      .poll(() => readFile(join(root, "pid"), "utf8").catch(() => ""), { timeout: 10_000 })
      .toMatch(/\d/);
    controller.abort(new Error("stopped by the test"));
    await expect(answer).rejects.toThrow("stopped by the test");
    const pid = Number(await readFile(join(root, "pid"), "utf8"));
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

describe("The check process", () => {
  test("that needs more memory than it may have says so, and the next check has a new one", async () => {
    await write({
      "tsconfig.json": { compilerOptions: { ...strict, lib: ["esnext", "dom"] } },
      "a.ts": "export {};\n",
    });
    const small = open({ memoryMb: 30 });
    try {
      for (let time = 0; time < 2; time += 1) {
        await expect(small.check([join(root, "a.ts")])).rejects.toMatchObject({
          name: "UserError",
          message:
            "The type check needs more than 30 MB of memory: migrate fewer classes at a time, or without verifying.",
        });
      }
    } finally {
      small.dispose();
    }
  });

  test("that ends says so", async () => {
    await write({ "ends.cjs": "process.on('message', () => process.exit(3));" });
    const ending = open({ processFile: join(root, "ends.cjs") });
    await expect(ending.check([])).rejects.toMatchObject({
      name: "UserError",
      message: "The type check ended before its answer (code 3): try again, or migrate without verifying.",
    });
  });

  test("starts anew after an abort, and not after it was closed", async () => {
    await write({ "tsconfig.json": { compilerOptions: strict }, "a.ts": wrong });
    await expect(client.check([join(root, "a.ts")], AbortSignal.abort(new Error("no")))).rejects.toThrow(
      "no",
    );
    const controller = new AbortController();
    const answer = client.check([join(root, "a.ts")], controller.signal);
    controller.abort(new Error("no more"));
    await expect(answer).rejects.toThrow("no more");
    expect(summary(await check("a.ts"))).toEqual({ "tsconfig.json": ["a.ts:1:14 TS2322"] });
    client.dispose();
    await expect(check("a.ts")).rejects.toThrow("The type checker was closed.");
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
