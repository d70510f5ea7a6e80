import { expect, it } from "vitest";
import { entryDescription, entryTooltip, grantText, jsonOf } from "../../../src/vscode/memory/memoryText.ts";

const entry = {
  ...{ key: "city", namespace: "default", value: { name: "Bern" }, tags: [] as string[] },
  ...{ writtenAt: 0, writtenBy: "guide", expiresAt: null as number | null, redactions: 0 },
};

it("A value is shown in one line, with its tags and how long it is still there", () => {
  expect(entryDescription(entry, 0)).toBe('{"name":"Bern"}');
  const expiring = (ms: number) => entryDescription({ ...entry, value: 1, expiresAt: 1000 + ms }, 1000);
  expect(expiring(0)).toBe("1 · expired");
  expect(expiring(1_500)).toBe("1 · expires in 2 s");
  expect(expiring(120_000)).toBe("1 · expires in 2 min");
  expect(expiring(7_200_000)).toBe("1 · expires in 2 h");
  expect(expiring(259_200_000)).toBe("1 · expires in 3 days");
  expect(entryDescription({ ...entry, value: "x".repeat(200), tags: ["a", "b"] }, 0)).toBe(
    `"${"x".repeat(99)}… · a, b`,
  );
});

it("A value is written with the tags of what JSON has not", () => {
  expect(JSON.stringify(jsonOf(new Map([["a", 1]])))).toContain('"Map"');
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => JSON.stringify(jsonOf(circle))).not.toThrow();
});

it("The rest is told on hover", () => {
  const lines = entryTooltip({ ...entry, tags: ["a"], expiresAt: 5, redactions: 2 });
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/^Written on .* by guide$/);
  expect(lines.slice(3)).toEqual(["Tags: a", "2 secrets left out"]);
  expect(entryTooltip(entry)).toHaveLength(2);
});

it("A grant says what it allows", () => {
  const grant = {
    from: "a",
    to: "b",
    namespace: "default",
    key: null,
    keyPrefix: null,
    access: "read",
  } as const;
  expect(grantText(grant)).toBe("may read all keys");
  expect(grantText({ ...grant, access: "write" })).toBe("may read and write all keys");
  expect(grantText({ ...grant, key: "city" })).toBe('may read "city"');
  expect(grantText({ ...grant, keyPrefix: "trip." })).toBe('may read keys that begin with "trip."');
});
