import { expect, test } from "vitest";
import { LogBatch } from "../../src/agentHost/logBatch.ts";
import type { HostEvent } from "../../src/model/hostProtocol.ts";

const log = (text: string): HostEvent => ({ type: "log", stream: "stdout", text });

test("sends the first writes at once and joins a flood, complete and in order", () => {
  const sent: HostEvent[] = [];
  const batch = new LogBatch((event) => sent.push(event));
  batch.push(log("first\n"));
  expect(sent).toEqual([log("first\n")]);
  for (let line = 0; line < 100_000; line++) batch.push(log(`${line}\n`));
  batch.push({ type: "progress", message: "after" });
  expect(sent.length).toBeLessThan(400);
  expect(sent.at(-1)).toEqual({ type: "progress", message: "after" });
  const text = sent.map((event) => (event.type === "log" ? event.text : "")).join("");
  expect(text.split("\n")).toEqual([
    "first",
    ...Array.from({ length: 100_000 }, (_, line) => String(line)),
    "",
  ]);
});
