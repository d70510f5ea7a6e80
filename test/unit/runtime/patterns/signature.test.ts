import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inAppFrames } from "../../../../src/runtime/patterns/frames.ts";
import { normalise } from "../../../../src/runtime/patterns/normalise.ts";
import { signatureOf } from "../../../../src/runtime/patterns/signature.ts";

describe("a normalised message", () => {
  it.each([
    ["Job 3f2b8c1a-1111-4222-8333-abcdefabcdef failed", "Job <uuid> failed"],
    ["GET https://api.x.com/v1?q=1 returned 503", "GET <url> returned <number>"],
    [
      "ENOENT: no such file or directory, open '/tmp/a b.txt'",
      "ENOENT: no such file or directory, open <quoted>",
    ],
    ["cannot open /var/log/app-1.log:12:3 now", "cannot open <path> now"],
    ["cannot open C:\\Users\\me\\x.txt", "cannot open <path>"],
    ["error in src/agents/research.ts:10", "error in <path>"],
    ["at 2024-01-02T03:04:05.678Z and Sun Dec 04 04:47:44 2005", "at <date> and <date>"],
    ["from 10.0.0.1:8080 to 2001:db8::8a2e:370:7334", "from <ip> to <ip>"],
    ["pointer 0xDEADbeef in commit 9f8e7d6c5b", "pointer <hex> in commit <hex>"],
    ["mail me@example.com", "mail <email>"],
    ["took 35 ms, used 1.5 GB (80%)", "took <number> ms, used <number> GB (<number>)"],
    ["block blk_-160899 and task_17", "block blk_<number> and task_<number>"],
    ['expected "a" but got `b`', "expected <quoted> but got <quoted>"],
    ["don't and can't stay", "don't and can't stay"],
    ["utf8, sha256 and Int32 stay; and/or too", "utf8, sha256 and Int32 stay; and/or too"],
    ["feedface decade facade", "feedface decade facade"],
    ["many\n  lines\tof   space", "many lines of space"],
  ])("of %j is %j", (message, expected) => {
    expect(normalise(message).text).toBe(expected);
  });

  it("does not depend on what the placeholders stand for", () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uuid(),
        fc.nat(),
        fc.nat(),
        fc.ipV4(),
        fc.ipV4(),
        (id1, id2, n1, n2, ip1, ip2) => {
          const message = (id: string, n: number, ip: string) =>
            `Job ${id} failed ${n} times on ${ip}, giving up`;
          expect(normalise(message(id1, n1, ip1)).text).toBe(normalise(message(id2, n2, ip2)).text);
        },
      ),
    );
  });

  it("comes with a regular expression that matches the message", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (message) => {
        expect(new RegExp(normalise(message).pattern).test(message)).toBe(true);
      }),
    );
  });

  it("takes linear time for long messages", () => {
    const started = performance.now();
    for (const hard of [
      "a/".repeat(5e4),
      "1.".repeat(5e4),
      "'".repeat(1e5),
      "0:".repeat(5e4),
      `"${"\\".repeat(1e5)}`,
    ]) {
      normalise(hard);
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("in-app frames", () => {
  it("have no lines, folders, dependencies or the runtime's own code", () => {
    const stack = [
      "Error: at odd (place:1:2) in the message",
      "    at parse (/home/a/project/node_modules/x/index.js:1:1)",
      "    at JSON.parse (<anonymous>)",
      "    at ResearchAgent.run (/home/a/project/src/research.ts:10:5)",
      "    at ResearchAgent.run (/home/a/project/src/research.ts:12:5)",
      "    at async file:///home/a/project/src/main.mjs:3:1",
      "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
      "    at Object.call (C:\\work\\src\\util.js:1:1)",
    ].join("\n");
    expect(inAppFrames(stack)).toEqual([
      "ResearchAgent.run (research)",
      "<anonymous> (main)",
      "Object.call (util)",
    ]);
    expect(inAppFrames(undefined)).toEqual([]);
    expect(inAppFrames(new Error("x").stack).join()).not.toMatch(/runtime/);
  });
});

describe("a signature", () => {
  const fail = (id: number) => new TypeError(`no item ${id}`);
  it("groups by type, message and frames", () => {
    expect(signatureOf(fail(1)).signature).toBe(signatureOf(fail(2)).signature);
    expect(signatureOf(fail(1)).signature).toMatch(/^[0-9a-f]{12}$/);
    expect(signatureOf(new RangeError("no item 1")).signature).not.toBe(signatureOf(fail(1)).signature);
    const elsewhere = () => new TypeError("no item 1");
    expect(signatureOf(elsewhere()).signature).not.toBe(signatureOf(fail(1)).signature);
  });

  it("is given for anything that can be thrown, without secrets", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(signatureOf(thrown).signature).toHaveLength(12);
      }),
    );
    expect(signatureOf(new Error("bad key sk-abcdefghijklmnopqrstuvwx")).message).toBe("bad key [redacted]");
  });
});
