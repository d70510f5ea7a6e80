import { expect, it } from "vitest";
import { errorOf } from "../../../src/patterns/errorText.ts";
import { logLineOf } from "../../../src/patterns/logLine.ts";
import { signatureOf } from "../../../src/runtime/patterns/signature.ts";

const signature = (text: string) => signatureOf(errorOf(text)).signature;
const normalised = (text: string) => signatureOf(errorOf(text)).normalised;

it("lines of JSON are told apart by what they say, and not by what stands beside it", () => {
  const line = (msg: string, host: string) =>
    JSON.stringify({ level: "error", time: 1767225600000, pid: 12, host, msg });
  expect(signature(line("disk 3 is full", "10.0.0.1"))).toBe(signature(line("disk 4 is full", "web-2")));
  expect(signature(line("disk 3 is full", "a"))).not.toBe(signature(line("permission denied", "a")));
  expect(normalised(line("disk 3 is full", "a"))).toBe("disk <number> is full");
});

it("an error in a line of JSON has its name, its stack and its code", () => {
  const stack = "TypeError: x is no function\n    at run (/srv/a.js:1:2)";
  expect(
    signatureOf(
      errorOf(JSON.stringify({ msg: "job failed", err: { type: "TypeError", message: "x", stack } })),
    ),
  ).toMatchObject({ type: "TypeError", normalised: "x is no function", frames: ["run (a)"] });
  const answer = (type: string, code: string) =>
    JSON.stringify({ type: "error", error: { type, message: "Too many requests: 5", code } });
  expect(signatureOf(errorOf(answer("rate_limit", "RATE")))).toMatchObject({
    ...{ type: "rate_limit", normalised: "Too many requests: <number> (RATE)" },
  });
  expect(signature(answer("rate_limit", "RATE"))).not.toBe(signature(answer("rate_limit", "TOKENS")));
});

it("lines of pairs are told apart by what they say", () => {
  const line = (msg: string, err: string) =>
    `level=error ts=2026-01-01T00:00:00Z caller=a.go:12 msg="${msg}" err="${err}"`;
  expect(normalised(line("cannot open", "open /x: permission denied"))).toBe(
    "cannot open: open <path>: permission denied",
  );
  expect(signature(line("cannot open", "EOF"))).not.toBe(signature(line("database is gone", "EOF")));
  expect(logLineOf(`msg="say \\"no\\"" n=1`)?.text).toBe('say "no"');
});

it("what is no line of a log, or says nothing, stays as it is", () => {
  for (const text of [
    "",
    "{}",
    "{ not JSON }",
    '{"a":1}',
    '["msg"]',
    "msg=alone",
    "failed: a=1 b=2",
    "a=1 b=2",
    '{"msg":5}',
    '{"msg":"  "}',
    '{"__proto__":{"msg":"no"}}',
  ])
    expect(logLineOf(text), text).toBeNull();
});
