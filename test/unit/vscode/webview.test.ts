import { describe, expect, it } from "vitest";
import { nextSort, sorted } from "../../../src/webview/sorting.ts";
import { absoluteTime, relativeTime } from "../../../src/webview/time.ts";

describe("Times in the panels", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");

  it.each([
    ["2026-03-01T11:59:30Z", "just now"],
    ["2026-03-01T11:57:00Z", "3 min. ago"],
    ["2026-03-01T09:30:00Z", "2 hr. ago"],
    ["2026-02-20T12:00:00Z", "9 days ago"],
    ["2024-03-01T12:00:00Z", "2 yr. ago"],
  ])("%s is %s", (iso, text) => {
    expect(relativeTime(iso, now)).toBe(text);
  });

  it("show what is no time as it is written", () => {
    expect(absoluteTime("yesterday")).toBe("yesterday");
    expect(relativeTime("yesterday", now)).toBe("");
  });
});

describe("Sorting in the panels", () => {
  it("orders numbers as numbers and names as people do, and keeps equal rows in place", () => {
    const rows = ["b10", "b9", "B1"];
    expect(sorted(rows, (row) => row, false)).toEqual(["B1", "b9", "b10"]);
    expect(
      sorted(
        [
          { n: 2, id: "x" },
          { n: 2, id: "y" },
          { n: 10, id: "z" },
        ],
        ({ n }) => n,
        true,
      ),
    ).toEqual([
      { n: 10, id: "z" },
      { n: 2, id: "x" },
      { n: 2, id: "y" },
    ]);
  });

  it("turns round on the second click", () => {
    const first = nextSort({ column: "agent", descending: false }, "time", true);
    expect(first).toEqual({ column: "time", descending: true });
    expect(nextSort(first, "time", true)).toEqual({ column: "time", descending: false });
  });
});
