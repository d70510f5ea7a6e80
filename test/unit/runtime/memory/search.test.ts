import { describe, expect, it } from "vitest";
import { MemoryStore } from "../../../../src/runtime/index.ts";
import { textIn, wordsOf } from "../../../../src/runtime/memory/words.ts";

const keys = (found: readonly { key: string }[]) => found.map(({ key }) => key);

describe("a search", () => {
  const mine = new MemoryStore().of("a");
  mine.set("deploy plan", { steps: ["build", "ship"] });
  mine.set("lastError", new Error("deploy failed"), { tags: ["incident"] });
  mine.set("notes", new Map([["planning", 42n]]), { tags: ["plan", "incident"] });
  mine.set("unrelated", "nothing here");

  it("ranks by words found, then by where they stand, then by time", () => {
    expect(mine.search("plan")).toMatchObject([
      { key: "deploy plan", score: 3 },
      { key: "notes", score: 2 },
    ]);
    expect(mine.search("Deploy PLAN")).toMatchObject([
      { key: "deploy plan", score: 6 },
      { key: "notes", score: 2 },
      { key: "lastError", score: 1 },
    ]);
    expect(mine.search("plannin")).toMatchObject([{ key: "notes", score: 0.5 }]);
    expect(mine.search("42 ship error")).toMatchObject([
      { key: "lastError", score: 3 },
      { key: "notes", score: 1 },
      { key: "deploy plan", score: 1 },
    ]);
    expect(mine.search("absent")).toEqual([]);
    expect(mine.search("?!")).toEqual([]);
  });

  it("may be for tags, for both, or for all, the newest first", () => {
    expect(keys(mine.search({ tags: ["incident"] }))).toEqual(["notes", "lastError"]);
    expect(mine.search({ tags: ["incident"] })[0]).toMatchObject({ score: 0, tags: ["plan", "incident"] });
    expect(keys(mine.search({ tags: ["incident", "plan"] }))).toEqual(["notes"]);
    expect(keys(mine.search({ tags: ["incident"], text: "deploy" }))).toEqual(["lastError"]);
    expect(keys(mine.search({ limit: 2 }))).toEqual(["unrelated", "notes"]);
    expect(keys(mine.search({ keyPrefix: "un" }))).toEqual(["unrelated"]);
    expect(mine.search({ namespace: "other" })).toEqual([]);
    for (const limit of [0, -1, 1.5, NaN]) expect(() => mine.search({ limit })).toThrow(/limit of a search/);
  });

  it("answers with copies", () => {
    const [match] = mine.search("ship");
    (match?.value as { steps: string[] }).steps.length = 0;
    expect(mine.search("ship")[0]?.value).toEqual({ steps: ["build", "ship"] });
  });

  it("finds the new value and not the old one", () => {
    mine.set("changing", "before");
    expect(keys(mine.search("before"))).toEqual(["changing"]);
    mine.set("changing", "after");
    expect(keys(mine.search("before"))).toEqual([]);
    expect(keys(mine.search("after"))).toEqual(["changing"]);
  });
});

describe("words", () => {
  it("are runs of letters and digits, and the parts of camelCase ones", () => {
    expect([...wordsOf("lastError HTTPServer2 é_x ﬁ")]).toEqual(
      "lasterror last error httpserver2 http server2 é x fi".split(" "),
    );
  });

  it("are those of values of all kinds", () => {
    const circular: Record<string, unknown> = { name: "circle", none: null, yes: true };
    circular["self"] = circular;
    const value = [
      circular,
      new Set([1.5]),
      new Date(0),
      new Date(NaN),
      new URL("https://example.org/"),
      /x+/,
      new Uint8Array(3),
      10n,
    ];
    expect(textIn(value)).toBe(
      "name circle none yes self 1.5 1970-01-01T00:00:00.000Z  https://example.org/ /x+/ 10",
    );
  });

  it("are taken from the first 100,000 characters", () => {
    const text = textIn(["x".repeat(99_990), "0123456789", "late"]);
    expect(text).toHaveLength(100_000);
    expect(text).not.toContain("late");
  });
});
