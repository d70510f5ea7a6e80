import { expect, it } from "vitest";
import { continueAfter, newId } from "../../../../src/runtime/checkpoint/newId.ts";

const far = Date.parse("2100-01-01");

it("makes UUIDv7s that hold the time and sort in the order they were made, whatever the clock does", () => {
  const ids = Array.from({ length: 3000 }, (_, i) => newId(far + (i % 7) - Math.floor(i / 1000)));
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(ids.length);
  expect(Number.parseInt((ids[0] ?? "").replace("-", "").slice(0, 12), 16)).toBe(far);
});

it("has other random bits in each", () => {
  const tails = Array.from({ length: 600 }, () => newId(far).slice(-8));
  expect(new Set(tails).size).toBeGreaterThan(590);
});

it("goes on after an id of another process, but not past the end of time", () => {
  const later = "30000000-0000-7fff-bfff-ffffffffffff";
  continueAfter(later);
  const id = newId(far);
  expect(id > later).toBe(true);
  continueAfter("00000000-0000-7000-8000-000000000000");
  continueAfter("ffffffff-ffff-7fff-bfff-ffffffffffff");
  const next = newId(far);
  expect(next > id).toBe(true);
  expect(next < "31").toBe(true);
});
