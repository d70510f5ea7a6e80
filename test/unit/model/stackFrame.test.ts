import { expect, test } from "vitest";
import { stackFrame } from "../../../src/model/stackFrame.ts";

test.each([
  ["    at f (/shop/app/(dash)/a.ts:1:2)", "f", "/shop/app/(dash)/a.ts"],
  ["    at /shop/app/(dash)/a.ts:1:2", null, "/shop/app/(dash)/a.ts"],
  ["    at /shop/a (copy):1:2", null, "/shop/a (copy)"],
  ["    at f (C:\\Program Files (x86)\\shop\\a.ts:1:2)", "f", "C:\\Program Files (x86)\\shop\\a.ts"],
  ["    at async C:\\Program Files (x86)\\shop\\a.ts:1:2", null, "C:\\Program Files (x86)\\shop\\a.ts"],
  [
    "    at async A.run [as go] (file:///C:/shop%20(1)/a.ts:1:2)",
    "A.run [as go]",
    "file:///C:/shop%20(1)/a.ts",
  ],
])("%s is read", (line, called, file) => {
  expect(stackFrame(line)).toEqual({ called, file, line: 1, column: 2 });
});

test.each(["Error: no (/shop/a.ts:1:2)", "    at f (native)", "    at ", `    at ${"x".repeat(1000)}:1:2`])(
  "%s is none",
  (line) => {
    expect(stackFrame(line)).toBeNull();
  },
);
