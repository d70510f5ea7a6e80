import { describe, expect, it } from "vitest";
import { Memo } from "../../../src/indexer/memo.ts";

/** Lengths of texts, and what was worked out for them. */
function lengths(texts: Map<string, string>) {
  const memo = new Memo();
  const log: string[] = [];
  const text = memo.watched(
    (key) => texts.get(key) ?? "",
    (a, b) => a.trim() === b.trim(),
  );
  const length = memo.kept((key) => {
    log.push(key);
    return text.get(key).trim().length;
  }, 0);
  const sum = memo.kept((keys) => {
    log.push(keys);
    return keys.split("+").reduce((total, key) => total + length.get(key), 0);
  }, 0);
  const worked = () => log.splice(0);
  return { memo, text, length, sum, worked };
}

describe("a memo", () => {
  it("works out anew what an answer had a part in, and nothing else", () => {
    const texts = new Map([
      ["a", "one"],
      ["b", "three"],
    ]);
    const { text, length, sum, worked } = lengths(texts);
    expect([sum.get("a+b"), sum.get("a"), length.get("b")]).toEqual([8, 3, 5]);
    expect(worked()).toEqual(["a+b", "a", "b", "a"]);
    texts.set("b", "seven!");
    text.check(["b"]);
    expect([sum.get("a"), sum.get("a+b"), length.get("b")]).toEqual([3, 9, 6]);
    expect(worked()).toEqual(["a+b", "b"]);
  });

  it("keeps what an answer that makes no difference had a part in", () => {
    const texts = new Map([["a", "one"]]);
    const { text, sum, worked } = lengths(texts);
    sum.get("a");
    worked();
    texts.set("a", " one ");
    text.check();
    expect(sum.get("a")).toBe(3);
    expect(worked()).toEqual([]);
  });

  it("forgets what nobody wants any more, and the answers that it was worked out from", () => {
    const { text, sum, length } = lengths(new Map([["a", "one"]]));
    sum.get("a+b");
    sum.get("b+c");
    length.get("d");
    expect([...text.keys]).toEqual(["a", "b", "c", "d"]);
    sum.only(new Set(["b+c"]));
    expect([...text.keys]).toEqual(["b", "c", "d"]);
    sum.only(new Set());
    length.only(new Set());
    expect([...text.keys]).toEqual([]);
  });

  it("tells the same of a circle wherever it is entered, and of what hangs on it", () => {
    const next = new Map(Object.entries({ a: "b", b: "c", c: "a", outside: "a", alone: "alone" }));
    const told = (...keys: string[]) => {
      const memo = new Memo();
      const follow = memo.watched((key) => next.get(key) ?? "");
      const chain = memo.kept((key): string => `${key}${chain.get(follow.get(key))}`, "");
      return { follow, all: () => Object.fromEntries(keys.map((key) => [key, chain.get(key)])) };
    };
    const expected = { a: "abc", b: "bca", c: "cab", outside: "outsideabc", alone: "alone" };
    const first = told("a", "b", "c", "outside", "alone");
    expect(first.all()).toEqual(expected);
    expect(told("alone", "outside", "c", "b", "a").all()).toEqual(expected);
    next.set("c", "alone");
    first.follow.check(["c"]);
    expect(first.all()).toEqual({
      a: "abcalone",
      b: "bcalone",
      c: "calone",
      outside: "outsideabcalone",
      alone: "alone",
    });
  });

  it("keeps nothing of a work that fails", () => {
    const memo = new Memo();
    let broken = true;
    const answer = memo.watched(() => "answer");
    const inner = memo.kept((key) => {
      answer.get(key);
      if (broken) throw new RangeError("too deep");
      return key;
    }, "");
    const outer = memo.kept((key) => inner.get(key), "");
    expect(() => outer.get("a")).toThrow("too deep");
    expect([...answer.keys]).toEqual([]);
    broken = false;
    expect(outer.get("a")).toBe("a");
  });
});
