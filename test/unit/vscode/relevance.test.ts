import { describe, expect, it } from "vitest";
import { isRelevant, mayBeFolder } from "../../../src/vscode/index/relevance.ts";

describe("A changed path", () => {
  it.each([
    "/w/src/a.ts",
    "/w/a.CJS",
    "C:\\w\\src\\a.tsx",
    "/w/tsconfig.build.json",
    "/w/package.json",
    "/w/.gitignore",
  ])("counts where it can change the index: %s", (path) => {
    expect(isRelevant(path)).toBe(true);
    expect(mayBeFolder(path)).toBe(false);
  });

  it.each(["/w/README.md", "/w/app.log", "/w/src/agents", "/w/src/agents.v2"])(
    "counts only where it is a folder: %s",
    (path) => {
      expect(isRelevant(path)).toBe(false);
      expect(mayBeFolder(path)).toBe(true);
    },
  );

  it.each(["/w/node_modules/a/index.js", "/w/.git/HEAD", "C:\\w\\.proj-intel\\runs", "/w/node_modules"])(
    "never counts in what is nobody's source: %s",
    (path) => {
      expect(isRelevant(path)).toBe(false);
      expect(mayBeFolder(path)).toBe(false);
    },
  );
});
