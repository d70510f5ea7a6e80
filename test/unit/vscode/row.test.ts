import { expect, it } from "vitest";
import { isOutdated, type RunRow } from "../../../src/vscode/runs/row.ts";

const row = (state: RunRow["summary"]["state"], mine = true) => ({ summary: { state }, mine }) as RunRow;

it("A record that was read before a run of this window ended does not bring it back to work", () => {
  expect(isOutdated(row("running"), row("success"))).toBe(true);
  expect(isOutdated(row("waiting"), row("cancelled"))).toBe(true);
  expect(isOutdated(row("success"), row("running"))).toBe(false);
  expect(isOutdated(row("failed"), row("failed"))).toBe(false);
  expect(isOutdated(row("running"), undefined)).toBe(false);
  // Of another process: what its lock says may change.
  expect(isOutdated(row("running", false), row("interrupted", false))).toBe(false);
});
