import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Company } from "../../../src/runs/company.ts";
import { usualSurroundings } from "../../../src/runs/runSurroundings.ts";
import { Slots } from "../../../src/runs/slots.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Work that notes when it begins, and ends when it is told to. */
function stage() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve) => ends.set(name, resolve));
  };
  return {
    begun,
    work,
    take: (name: string, slots: readonly Slots[], priority = 0) =>
      void Slots.take(slots, priority, work(name)),
    end: async (name: string) => {
      ends.get(name)?.();
      await turn();
    },
  };
}

describe("Slots", () => {
  it("are given by priority, then in the order in which they were asked for", async () => {
    const { begun, take, end } = stage();
    const slots = new Slots(1);
    for (const [name, priority] of [
      ["a", 0],
      ["b", 0],
      ["c", 5],
      ["d", -5],
      ["e", 5],
      ["f", 0],
    ] as const)
      take(name, [slots], priority);
    await turn();
    expect([begun.join(""), slots.pendingCount]).toEqual(["a", 5]);
    for (const name of "acebf") await end(name);
    expect([begun.join(""), slots.pendingCount]).toEqual(["acebfd", 0]);
  });

  it("are given again where the work fails, which whoever asked is told", async () => {
    const slots = new Slots(1);
    const failing = Slots.take([slots], 0, () => Promise.reject(new Error("no")));
    const next = Slots.take([slots], 0, () => Promise.resolve("yes"));
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });

  it("may become more, which begins what waits, and fewer, which ends nothing", async () => {
    const { begun, take, end } = stage();
    const slots = new Slots(1);
    for (const name of "abcd") take(name, [slots]);
    slots.concurrency = 3;
    await turn();
    expect(begun.join("")).toBe("abc");
    slots.concurrency = 1;
    await end("a");
    await end("b");
    expect(begun.join("")).toBe("abc");
    await end("c");
    expect(begun.join("")).toBe("abcd");
  });

  it("are taken together: who waits for one holds up nobody who needs only the others", async () => {
    const { begun, take, end } = stage();
    const all = new Slots(2);
    const few = new Slots(1);
    for (const name of "abc") take(name, [few, all]);
    take("x", [all]);
    take("y", [all]);
    await turn();
    expect(begun.join("")).toBe("ax");
    await end("a");
    // b waits longer than y.
    expect(begun.join("")).toBe("axb");
    await end("x");
    expect(begun.join("")).toBe("axby");
    await end("b");
    expect(begun.join("")).toBe("axbyc");
  });

  it("are never more than there are, and all who wait get theirs", async () => {
    const asked = fc.record({
      needs: fc.subarray([0, 1, 2]),
      priority: fc.integer({ min: -1, max: 1 }),
      rounds: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
        fc.array(asked, { maxLength: 25 }),
        async (sizes, all) => {
          const slots = sizes.map((size) => new Slots(size));
          const taken = sizes.map(() => 0);
          const waiting = new Set(all.keys());
          const fits = (index: number) =>
            all[index]?.needs.every((each) => (taken[each] ?? 0) < (sizes[each] ?? 0)) ?? false;
          await Promise.all(
            all.map(({ needs, priority, rounds }, index) =>
              Slots.take(
                needs.map((each) => slots[each] as Slots),
                priority,
                async () => {
                  expect(fits(index)).toBe(true);
                  waiting.delete(index);
                  for (const each of needs) taken[each] = (taken[each] ?? 0) + 1;
                  for (let round = 0; round < rounds; round += 1) await turn();
                  for (const each of needs) taken[each] = (taken[each] ?? 0) - 1;
                },
              ),
            ),
          );
          expect([waiting.size, ...slots.map(({ pendingCount }) => pendingCount)]).toEqual([0, 0, 0, 0]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("Runs of one company", () => {
  const company = (atWork: number) => new Company(usualSurroundings, atWork);
  const inTurn = (
    of: Company,
    asked: { begin: () => Promise<void>; slots: Slots[]; ofAgent?: Slots; priority?: number },
  ) => {
    const { ofAgent, priority = 0 } = asked;
    void of.inTurn({ getReady: () => Promise.resolve(), ...asked, ofAgent, priority });
  };

  it("go by priority also past those that were called ahead", async () => {
    const { begun, work, end } = stage();
    const of = company(1);
    const slots = [new Slots(1)];
    for (const name of "abcd") inTurn(of, { begin: work(name), slots });
    inTurn(of, { begin: work("x"), slots, priority: 1 });
    await turn();
    for (const name of "axbcd") await end(name);
    expect(begun.join("")).toBe("axbcd");
  });

  it("whose agent has a limit of its own hold up no others", async () => {
    const { begun, work, end } = stage();
    const of = company(2);
    const turns = new Slots(2);
    const ofAgent = new Slots(1);
    for (const name of "abcdefgh") inTurn(of, { begin: work(name), slots: [turns, ofAgent], ofAgent });
    inTurn(of, { begin: work("x"), slots: [turns] });
    await turn();
    expect(begun.join("")).toBe("ax");
    for (const name of "axbc") await end(name);
    expect(begun.join("")).toBe("axbcd");
  });
});
