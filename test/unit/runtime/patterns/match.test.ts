import { describe, expect, it } from "vitest";
import { PatternMatcher } from "../../../../src/runtime/patterns/match.ts";

describe("matching patterns of unknown origin", () => {
  it("tells which match, in order, as many as asked for", () => {
    const patterns = ["(a)(x)?", "[", "", "b", "(c)", "a".repeat(2000), "a.(c)"];
    const matcher = new PatternMatcher();
    expect(matcher.all(patterns, "abc", 10)).toEqual([
      { index: 0, groups: ["a", ""] },
      { index: 3, groups: [] },
      { index: 4, groups: ["c"] },
      { index: 6, groups: ["c"] },
    ]);
    expect(matcher.all(patterns, "abc", 2).map(({ index }) => index)).toEqual([0, 3]);
    expect(matcher.all(patterns, "abc", 0)).toEqual([]);
    expect(matcher.all([], "abc", 1)).toEqual([]);
  });

  it("stops those that run for ages, and tries them no more", () => {
    const matcher = new PatternMatcher();
    const message = `${"a".repeat(900)}!`;
    expect(matcher.all(["(a+)+$", "!"], message, 1)).toMatchObject([{ index: 1 }]);
    expect(matcher.all(["(a+)+$"], "aa", 1)).toEqual([]);
  });
});
