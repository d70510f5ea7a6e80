import { expect, it } from "vitest";
import type { PatternQuery, PatternRow } from "../../../src/model/patterns.ts";
import { PatternLists } from "../../../src/runs/patterns/lists.ts";
import { shownRows, totalsOf } from "../../../src/patterns/listing.ts";

const row = (signature: string, more: Partial<PatternRow> = {}): PatternRow => ({
  ...{ folder: "f", signature, title: null, type: "Error", message: signature, occurrences: 1, days: null },
  ...{ firstSeen: null, lastSeen: null, agents: [], solutions: 0, muted: false, merged: 0, ...more },
});
const all: PatternQuery = { text: "", type: "", agent: "", muted: false, sort: "last" };
const rows = [
  row("disk 10", { lastSeen: "2026-01-01T00:00:00Z", occurrences: 5, agents: ["A"] }),
  row("disk 9", { lastSeen: "2026-01-03T00:00:00Z", occurrences: 1, type: "RangeError" }),
  row("net", { lastSeen: null, occurrences: 9, agents: ["B", "A"], muted: true }),
];
const shown = (query: Partial<PatternQuery>) =>
  shownRows(rows, { ...all, ...query }).map(({ signature }) => signature);

it("lists in each order, with numbers in the order of their values", () => {
  expect(shown({})).toEqual(["disk 9", "disk 10"]);
  expect(shown({ sort: "count", muted: true })).toEqual(["net", "disk 10", "disk 9"]);
  expect(shown({ sort: "message" })).toEqual(["disk 9", "disk 10"]);
  expect(shown({ sort: "type", muted: true })).toEqual(["disk 10", "net", "disk 9"]);
});

it("lists what is asked for", () => {
  expect(shown({ type: "RangeError" })).toEqual(["disk 9"]);
  expect(shown({ agent: "A", muted: true })).toEqual(["disk 10", "net"]);
  expect(shown({ text: " RANGEerror " })).toEqual(["disk 9"]);
  expect(totalsOf(rows)).toEqual({ all: 3, muted: 1, types: ["Error", "RangeError"], agents: ["A", "B"] });
});

it("gives rows of the last list alone, and tells where the chosen one stands", () => {
  const lists = new PatternLists();
  const first = lists.list(rows, all, { folder: "f", signature: "disk 10" });
  expect(first).toMatchObject({ shown: 2, at: 1 });
  expect(lists.rows(first.version, 1, 5)?.map(({ signature }) => signature)).toEqual(["disk 10"]);
  expect(lists.list(rows, all, { folder: "another", signature: "disk 10" }).at).toBe(-1);
  expect(lists.rows(first.version, 0, 5)).toBeNull();
});
