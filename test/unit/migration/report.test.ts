import { expect, test } from "vitest";
import { skipped } from "../../../src/migration/report.ts";

test("a class that waits for a choice of method is reported with what can be chosen", () => {
  const reason = "No method of OddAgent takes tasks by its name: choose the one that does.";
  const told = (methods: string[]) =>
    skipped({ file_path: "a.ts", name: "OddAgent", result: { status: "choice", reason, methods } });
  expect(told(["forecast"])).toEqual({
    ...{ file_path: "a.ts", name: "OddAgent", status: "skipped", adapter: null },
    reason: `${reason} It has forecast.`,
  });
  expect(told(["a", "b", "c", "d"]).reason).toBe(`${reason} It has a, b, c and d.`);
  expect(told(["a", "b", "c", "d", "e"]).reason).toBe(`${reason} It has a, b, c and 2 more.`);
});
