import fc from "fast-check";
import { expect, test } from "vitest";
import { culprits } from "../../../src/migration/culprits.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Broken as soon as all of one group are there. */
async function search(count: number, groups: readonly number[][]) {
  let checks = 0;
  const isBroken = (classes: readonly number[]) => {
    checks += 1;
    return Promise.resolve(groups.some((group) => group.every((one) => classes.includes(one))));
  };
  const found = await culprits(numbers(count), isBroken);
  return { found, checks };
}

test("one of 430 is found with few checks", async () => {
  expect(await search(430, [[0]])).toEqual({ found: [0], checks: 18 });
  expect(await search(430, [[211]])).toEqual({ found: [211], checks: 10 });
  expect(await search(430, [[429]])).toEqual({ found: [429], checks: 8 });
});

test("several are found, and of two that do not go together one", async () => {
  expect((await search(10, [[2], [7]])).found).toEqual([2, 7]);
  expect((await search(10, [[2, 7]])).found).toEqual([7]);
  expect(await search(1, [[0]])).toEqual({ found: [0], checks: 0 });
});

test("what is found has to go, and nothing else", async () => {
  const cases = fc.integer({ min: 1, max: 60 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      groups: fc.array(fc.uniqueArray(fc.nat({ max: count - 1 }), { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ count, groups }) => {
      const { found, checks } = await search(count, groups);
      const broken = (gone: readonly number[]) =>
        groups.some((group) => !group.some((one) => gone.includes(one)));
      expect(new Set(found).size).toBe(found.length);
      expect(broken(found)).toBe(false);
      for (const one of found) expect(broken(found.filter((other) => other !== one))).toBe(true);
      for (const [single, ...others] of groups) if (others.length === 0) expect(found).toContain(single);
      expect(checks).toBeLessThanOrEqual(found.length * 2 * Math.ceil(Math.log2(Math.max(2, count))));
    }),
  );
});
