import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { indexFiles, indexFolder, project, type Files } from "./project.ts";

/** A class of its own name in every one of these files. */
const filled = (...paths: string[]): Files =>
  Object.fromEntries(paths.map((path) => [path, "export class TaxAgent { run(task) {} }"]));

const pathsOf = async (root: string): Promise<string[]> =>
  (await indexFolder(root)).agents.map(({ file_path }) => file_path);

/** What `git add -f env/kept.ts env/deep/kept.ts long` wrote, compressed; git itself need not be there. */
const gitIndexes = {
  "version 2":
    "eNpz8QxyZmBgYAJi5mxmDmHGSS0iMJqB4R8DgyKjHwND4xIGBGA8uKGYj9HYpXrt+Sv1F10ehTRUsz1kEEjNK9NPSU0t0M9OLSjRKylmYACbM3HhLhgNNc+HKPO4QebBjQIDsDmrmK/CaKh5PcSYx2iQk5+Xrj9KEEUkggN9TemZHs59bvErItJL1VYk2S64cOoTAE2sud4=",
  "version 4":
    "eNpz8QxyZmBgYAFi5mxmDmGm45c7YTQDwz8GBkXG9QwMjUsYEIDx4IZiPkZjl+q156/UX3R5FNJQzfaQQYAhNa9MPyU1tUA/O7WgRK+kmAFiDm8ljIaat5Yo87h5UIy5M4MbRkONeUuMMYwG3Dn5een6owRRRCIovA81Kx4JWFNxa1tX44GDnyt6uXs1UgAKhbrS",
};

describe("the walk", () => {
  it("takes all eight kinds of source and no declarations", async () => {
    const kinds = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"].map((kind) => `a.${kind}`);
    const index = await indexFiles(filled(...kinds, "b.d.ts", "b.d.mts", "b.d.cts", "b.json", "b.tsv", "ts"));
    expect(index.agents.map(({ file_path }) => file_path)).toEqual(kinds.sort());
    expect(index.files).toBe(8);
  });

  it("passes over packages, built output, and dot folders, at any depth", async () => {
    const root = project(
      filled(
        "src/a.ts",
        "src/build/b.ts",
        "packages/x/src/out/c.ts",
        ...["node_modules", "dist", "build", "out", "coverage", ".git", ".next"].map(
          (name) => `packages/x/${name}/z.ts`,
        ),
      ),
    );
    expect(await pathsOf(root)).toEqual(["packages/x/src/out/c.ts", "src/a.ts", "src/build/b.ts"]);
  });

  it("respects .gitignore files, nested and negated", async () => {
    const root = project({
      ...filled("a.ts", "generated/b.ts", "src/c.gen.ts", "src/keep.gen.ts", "lib/d.ts", "lib/e.ts"),
      ".gitignore": "generated/\n*.gen.ts\n!keep.gen.ts\n",
      "lib/.gitignore": "/e.ts\r\n",
    });
    expect(await pathsOf(root)).toEqual(["a.ts", "lib/d.ts", "src/keep.gen.ts"]);
  });

  it("does not take ignored memory dumps for source folders", async () => {
    expect(await pathsOf(project({ ...filled("src/core/a.ts"), ".gitignore": "core\ncore.*\n" }))).toEqual([
      "src/core/a.ts",
    ]);
  });

  it("respects the repository around the folder, unless that hides the folder itself", async () => {
    const root = project({
      ...filled("app/a.ts", "app/tmp/b.ts", "scratch/c.ts"),
      ".gitignore": "tmp\n/scratch\n",
      ".git/HEAD": "ref: refs/heads/main\n",
    });
    expect(await pathsOf(join(root, "app"))).toEqual(["a.ts"]);
    expect(await pathsOf(join(root, "scratch"))).toEqual(["c.ts"]);
  });

  it.each(Object.entries(gitIndexes))(
    "takes what is ignored but checked in (git index %s)",
    async (_, index) => {
      const root = project({
        ...filled("env/kept.ts", "env/deep/kept.ts", "env/other.ts", `${"long/".repeat(60)}a.ts`),
        ".gitignore": "env\n",
        ".git/HEAD": "ref: refs/heads/main\n",
      });
      writeFileSync(join(root, ".git/index"), inflateSync(Buffer.from(index, "base64")));
      expect(await pathsOf(root)).toEqual(["env/deep/kept.ts", "env/kept.ts", `${"long/".repeat(60)}a.ts`]);
    },
  );

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "notes what it may not read",
    async () => {
      const root = project(filled("a.ts", "secret/b.ts", "c.ts"));
      chmodSync(join(root, "secret"), 0);
      chmodSync(join(root, "c.ts"), 0);
      const index = await indexFolder(root);
      chmodSync(join(root, "secret"), 0o700);
      expect(index.agents.map(({ file_path }) => file_path)).toEqual(["a.ts"]);
      expect(index.notes).toEqual([
        "The folder secret could not be read (EACCES).",
        "c.ts could not be read (EACCES).",
      ]);
    },
  );
});
