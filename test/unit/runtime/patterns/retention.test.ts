import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retained, weightOf } from "../../../../src/runtime/patterns/retention.ts";
import type { ErrorPattern } from "../../../../src/runtime/patterns/types.ts";

const now = new Date("2025-06-01T00:00:00Z");
const dayMs = 24 * 3600 * 1000;
const ago = (days: number) => new Date(now.getTime() - days * dayMs).toISOString();

function pattern(fields: Partial<ErrorPattern>): ErrorPattern {
  return {
    error_signature: "s",
    error_type: "E",
    pattern: "",
    solutions: [],
    first_seen: ago(400),
    last_seen: ago(0),
    occurrences: 1,
    algorithm: 3,
    ...fields,
  };
}

describe("what is kept", () => {
  it("is what is frequent and recent", () => {
    const often = pattern({ error_signature: "often, long ago", occurrences: 16, last_seen: ago(90) });
    const once = pattern({ error_signature: "once, now" });
    const old = pattern({ error_signature: "once, long ago", last_seen: ago(30) });
    expect(weightOf(often, now.getTime())).toBeCloseTo(2);
    expect(weightOf(old, now.getTime())).toBeCloseTo(0.5);
    expect(retained([old, once, often], 2, now)).toEqual([once, often]);
    expect(retained([old, once, often], 1, now)).toEqual([often]);
  });

  it("is what has a solution, and always what a person edited or another program wrote", () => {
    const solved = pattern({ solutions: [{ fix: "f", success_rate: 1 }], last_seen: ago(300) });
    const muted = pattern({ muted: true, last_seen: ago(300) });
    const foreign = pattern({ last_seen: ago(300), algorithm: undefined });
    const recent = pattern({ occurrences: 100 });
    const all = [solved, muted, foreign, recent];
    expect(retained(all, 3, now)).toEqual([solved, muted, foreign]);
    expect(retained(all, 1, now)).toEqual([muted, foreign]);
  });

  it("may have times that are none, or lie ahead", () => {
    const odd = pattern({ last_seen: "yesterday" });
    const ahead = pattern({ last_seen: ago(-1000) });
    expect(weightOf(odd, now.getTime())).toBeLessThan(1e-100);
    expect(weightOf(ahead, now.getTime())).toBe(1);
    expect(weightOf(pattern({ occurrences: -5 }), now.getTime())).toBe(0);
    expect(retained([odd, ahead], 1, now)).toEqual([ahead]);
  });

  it("is never more than asked for, in the order given, and nothing lighter than what goes", () => {
    const some = fc.record({
      occurrences: fc.nat(100),
      days: fc.nat(200),
      solved: fc.boolean(),
      muted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (list, most) => {
        const all = list.map(({ occurrences, days, solved, muted }, i) =>
          pattern({
            error_signature: `${i}`,
            occurrences,
            last_seen: ago(days),
            solutions: solved ? [{ fix: "f", success_rate: 1 }] : [],
            muted,
          }),
        );
        const kept = retained(all, most, now);
        const gone = all.filter((one) => !kept.includes(one));
        expect(all.filter((one) => kept.includes(one))).toEqual(kept);
        expect(gone.some((one) => one.muted)).toBe(false);
        const free = kept.filter((one) => one.muted !== true);
        expect(kept.length <= most || free.length === 0).toBe(true);
        expect(gone.length === 0 || kept.length >= Math.min(most, all.length)).toBe(true);
        const rank = (one: ErrorPattern) =>
          (one.solutions.length > 0 ? 1e9 : 0) + weightOf(one, now.getTime());
        expect(Math.max(-1, ...gone.map(rank))).toBeLessThanOrEqual(Math.min(Infinity, ...free.map(rank)));
      }),
    );
  });
});
