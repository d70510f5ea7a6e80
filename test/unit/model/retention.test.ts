import { expect, test } from "vitest";
import { retentionOf } from "../../../src/model/retention.ts";

test("the setting for retention becomes a policy; what is no limit removes nothing", () => {
  expect(retentionOf({ maxCount: 5, maxAgeDays: 1, maxMegabytes: 2 })).toEqual({
    ...{ maxCount: 5, maxAgeMs: 86_400_000, maxBytes: 2_000_000 },
  });
  expect(retentionOf({ maxCount: "5", maxAgeDays: -1, maxMegabytes: NaN })).toBeUndefined();
  expect(retentionOf({})).toBeUndefined();
  expect(retentionOf(null)).toBeUndefined();
});
