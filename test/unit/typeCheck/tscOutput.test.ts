import { expect, test } from "vitest";
import { relativePath } from "../../../src/typeCheck/places.ts";
import { parseTscOutput } from "../../../src/typeCheck/tscOutput.ts";

const slashes = (path: string) => path.replaceAll("\\", "/");

test("a problem has its place, code and message, with all lines of the latter", () => {
  const output = [
    "src/a b (old).ts(2,5): error TS2322: Type 'A' is not assignable to type 'B'.",
    "  The types returned by 'f().g' are incompatible between these types.",
    "    Type 'string' is not assignable to type 'number'.",
    "../up.ts(10,1): error TS1005: ',' expected.",
    "",
  ].join("\n");
  expect(parseTscOutput(output, slashes)).toEqual([
    {
      path: "src/a b (old).ts",
      line: 2,
      character: 5,
      code: 2322,
      message:
        "Type 'A' is not assignable to type 'B'.\n  The types returned by 'f().g' are incompatible between these types.\n    Type 'string' is not assignable to type 'number'.",
    },
    { path: "../up.ts", line: 10, character: 1, code: 1005, message: "',' expected." },
  ]);
});

test("a problem of the project has no place", () => {
  expect(
    parseTscOutput("error TS18003: No inputs were found in config file 'tsconfig.json'.\n", slashes),
  ).toEqual([
    {
      path: null,
      line: 0,
      character: 0,
      code: 18003,
      message: "No inputs were found in config file 'tsconfig.json'.",
    },
  ]);
});

test("Windows writes backslashes and carriage returns", () => {
  expect(
    parseTscOutput(
      "src\\a.ts(1,2): error TS1: x: y\r\n  more\r\nC:\\b\\c.ts(3,4): error TS2: z\r\n",
      slashes,
    ),
  ).toEqual([
    { path: "src/a.ts", line: 1, character: 2, code: 1, message: "x: y\n  more" },
    { path: "C:/b/c.ts", line: 3, character: 4, code: 2, message: "z" },
  ]);
});

test("what is no problem is left out", () => {
  expect(parseTscOutput("", slashes)).toEqual([]);
  expect(parseTscOutput("Version 7.0.2\n  indented\n\nFound 2 errors.\n", slashes)).toEqual([]);
});

test.each([
  ["/work/app", "/work/app/src/a.ts", "src/a.ts"],
  ["/work/app", "/work/lib/a.ts", "../lib/a.ts"],
  ["C:\\work\\app", "C:/work/app/src/a.ts", "src/a.ts"],
  ["C:\\work\\app", "c:\\work\\app\\src\\a.ts", "src/a.ts"],
  ["C:\\work\\app", "D:\\a.ts", "D:/a.ts"],
  ["\\\\server\\share\\app", "\\\\server\\share\\app\\a.ts", "a.ts"],
])("from %s to %s it is %s", (root, file, path) => {
  expect(relativePath(root, file)).toBe(path);
});
