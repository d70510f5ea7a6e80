import { expect, it } from "vitest";
import { newId } from "../../../../src/runtime/checkpoint/newId.ts";

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
