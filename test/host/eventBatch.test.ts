import { expect, test } from "vitest";
import { EventBatch } from "../../src/agentHost/eventBatch.ts";
import type { HostEvent } from "../../src/model/hostProtocol.ts";

const again: HostEvent = {
  ...{ type: "retry", attempt: 1, of: 2, delayMs: 0 },
  error: { name: "Error", message: "again" },
};
const log = (text: string): HostEvent => ({ type: "log", stream: "stdout", text });

test("joins floods of progress and usage: the last of one and the sum of the other arrive before what follows", () => {
  const sent: HostEvent[] = [];
  const batch = new EventBatch((event) => sent.push(event));
  for (let step = 1; step <= 10_000; step++) {
    batch.push({ type: "progress", message: `step ${step}`, ...(step === 1 && { fraction: 0.5 }) });
    batch.push({ type: "usage", tokens: 1, cost: 0.25 });
  }
  batch.push(again);
  expect(sent.length).toBeLessThan(400);
  expect(sent.at(-1)).toEqual(again);
  expect(sent.findLast(({ type }) => type === "progress")).toEqual({
    type: "progress",
    message: "step 10000",
  });
  const tokens = sent.map((event) => (event.type === "usage" ? event.tokens : 0));
  expect(tokens.reduce((sum, each) => sum + each, 0)).toBe(10_000);
});

test("sends the first writes at once and joins a flood, complete and in order", () => {
  const sent: HostEvent[] = [];
  const batch = new EventBatch((event) => sent.push(event));
  batch.push(log("first\n"));
  expect(sent).toEqual([log("first\n")]);
  for (let line = 0; line < 100_000; line++) batch.push(log(`${line}\n`));
  batch.push(again);
  expect(sent.length).toBeLessThan(400);
  expect(sent.at(-1)).toEqual(again);
  const text = sent.map((event) => (event.type === "log" ? event.text : "")).join("");
  expect(text.split("\n")).toEqual([
    "first",
    ...Array.from({ length: 100_000 }, (_, line) => String(line)),
    "",
  ]);
});
