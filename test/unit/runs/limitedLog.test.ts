import { expect, it } from "vitest";
import { LimitedLog } from "../../../src/runs/limitedLog.ts";
import { hideSecrets } from "../../../src/runtime/checkpoint/knownSecrets.ts";

const log = (text: string, stream: "stdout" | "stderr" = "stdout") => ({
  type: "log" as const,
  ...{ stream, text },
});
const textOf = (events: { text: string }[]) => events.map(({ text }) => text).join("");

it("a secret that is written in pieces is not kept, and nothing else is lost", () => {
  hideSecrets(["zebra-7788"]);
  const kept = new LimitedLog(1);
  expect(kept.kept(log("key zebra"))).toEqual([log("key ")]);
  expect(kept.kept(log("zebra-77", "stderr"))).toEqual([]);
  expect(kept.kept(log("-7788 and a ze"))).toEqual([log("[redacted] and a ")]);
  expect(kept.kept(log("ro, a z"))).toEqual([log("zero, a ")]);
  expect(kept.rest()).toEqual([log("z"), log("zebra-77", "stderr")]);
});

it("what is beyond the limit is left out, and said so", () => {
  const kept = new LimitedLog(1 / 1024);
  const events = [...kept.kept(log("x".repeat(2_000))), ...kept.kept(log("more")), ...kept.rest()];
  expect(textOf(events)).toMatch(/^x{1024}\nThe log of this run ends here: it is longer than .+\.\n$/);
});
