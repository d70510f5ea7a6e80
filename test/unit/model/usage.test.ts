import { expect, test } from "vitest";
import { addUsage, NO_USAGE, usageText, type Usage } from "../../../src/model/usage.ts";

test("adds costs without the digits that binary fractions leave behind", () => {
  const tenth = { tokens: 1, cost: 0.1 };
  expect([tenth, tenth, tenth].reduce<Usage>(addUsage, NO_USAGE)).toEqual({ tokens: 3, cost: 0.3 });
});

test("says what was consumed, and nothing where nothing was", () => {
  expect(usageText({ tokens: 1200, cost: 0.031 })).toBe("1,200 tokens, cost 0.031");
  expect(usageText({ tokens: 1, cost: 0 })).toBe("1 token");
  expect(usageText({ tokens: 0, cost: 1234.5 })).toBe("cost 1,234.5");
  expect(usageText(NO_USAGE)).toBe("");
});
