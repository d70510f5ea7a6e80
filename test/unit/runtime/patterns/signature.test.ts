import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inAppFrames, ownFolder } from "../../../../src/runtime/patterns/frames.ts";
import { algorithm, normalise } from "../../../../src/runtime/patterns/normalise.ts";
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
    ["connect ECONNREFUSED ::1:5432", "connect ECONNREFUSED <ip>"],
    ["address already in use :::3000", "address already in use <ip>"],
    ["pointer 0xDEADbeef in commit 9f8e7d6c5b", "pointer <hex> in commit <hex>"],
    ["mail me@example.com", "mail <email>"],
    ["took 35 ms, used 1.5 GB (80%)", "took <duration>, used <size> (<number>)"],
    ["after 5 minutes and 1m30s for 1 hour", "after <duration> and <duration> for <duration>"],
    ["read 512 bytes of 3KB; 5 bags, 3 Bees", "read <size> of <size>; <number> bags, <number> Bees"],
    ["getaddrinfo ENOTFOUND api.example.com", "getaddrinfo ENOTFOUND <host>"],
    ["no answer from db-1.eu.prod.acme.io:5432.", "no answer from <host>."],
    [
      "user.id, this.socket.io() and java.net.Socket stay",
      "user.id, this.socket.io() and java.net.Socket stay",
    ],
    ["en0: 88:e9:fe:4d:1a:2b left", "en0: <mac> left"],
    ["trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "trace <trace>"],
    ["request req_011CSHoEeqs5C35K2UUqG7Wm of msg_01XFDUDYJgAACzvnptvVoYEL", "request req_<id> of msg_<id>"],
    ["No tool output found for call_Vx3JcPdUeyOeSiFVnAoVRVqz.", "No tool output found for call_<id>."],
    [
      "in get_userByV2Name of handle_everythingwithoutcapitals2x",
      "in get_userByV2Name of handle_everythingwithoutcapitals2x",
    ],
    [
      "IO80211Family, x509v3Certificate and Int32Array64 stay",
      "IO80211Family, x509v3Certificate and Int32Array64 stay",
    ],
    ["zero 00000017 is as 0000001a", "zero <hex> is as <hex>"],
    ["Unexpected token at (12:5)", "Unexpected token at (<number>)"],
    ["ids 1, 2, 3 are taken", "ids <number> are taken"],
    ["blk_1 blk_22 blk_333", "blk_<number>"],
    ["by 10.0.0.1,10.0.0.2", "by <ip>"],
    ["1 of 3, a_1 b_2", "<number> of <number>, a_<number> b_<number>"],
    ["retry=true final=False true", "retry=<bool> final=<bool> true"],
    [
      '529 {"type":"error","error":{"type":"overloaded_error","id":"a 1","n":3}}',
      '<number> {"type":"error","error":{"type":"overloaded_error","id":<quoted>,"n":<number>}}',
    ],
    ["block blk_-160899 and task_17", "block blk_<number> and task_<number>"],
    ['expected "a" but got `b`', "expected <quoted> but got <quoted>"],
    ['10.0.0.1 "GET /items/17 HTTP/1.1" status: 500 "x"', '<ip> "GET <quoted> status: <number> <quoted>'],
    ['"DELETE /items/17" failed', '"DELETE <quoted> failed'],
    ['"GET it', '"GET it'],
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

  const value = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      ...'blk_1|, blk_22|10.0.0.1|,10.0.0.2|Jan 5 2005|35 ms| 1 GB|/a/b.txt|C:\\x|\'q r\'|"k": "v"|::1|0x1f'.split(
        "|",
      ),
    ),
    fc.constantFrom(" ", "\n", ", ", ": ", "(", ")", "=", "true"),
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.webUrl(),
    fc.ipV6(),
    fc.emailAddress(),
  );
  const messages = fc.array(value, { maxLength: 30 }).map((parts) => parts.join("").slice(0, 600));

  it("comes with a regular expression that matches the message", () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(new RegExp(normalise(message).pattern).test(message)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is the same whatever characters stand elsewhere in the message", () => {
    // Which kinds are looked for depends on the characters of the whole message.
    fc.assert(
      fc.property(messages, (message) => {
        fc.pre(message.length < 500 && !/["'`]/.test(message));
        const alone = normalise(`${message} |`).text;
        expect(normalise(`${message} | a@b.cc 1 / " = : - .`).text.startsWith(alone)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("tells what was replaced", () => {
    expect(normalise("job 17 of me@example.com, 1, 2").replaced).toEqual([
      { kind: "number", value: "17" },
      { kind: "email", value: "me@example.com" },
      { kind: "number", value: "1" },
    ]);
  });

  it("takes linear time for long messages", () => {
    for (const hard of [
      "a/".repeat(5e4),
      "1.".repeat(5e4),
      "'".repeat(1e5),
      "0:".repeat(5e4),
      `"${"\\".repeat(1e5)}`,
      "1a".repeat(5e4),
      "a.".repeat(5e4),
      "a-".repeat(5e4),
      "1 ".repeat(5e4),
      "x@".repeat(5e4),
      "//".repeat(5e4),
      '"a":'.repeat(5e4),
      " ".repeat(1e5),
    ]) {
      normalise(hard);
    }
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
    expect(inAppFrames(stack, "odd (place:1:2) in the message")).toHaveLength(3);
    expect(inAppFrames(undefined)).toEqual([]);
    expect(inAppFrames(new Error("x").stack).join()).not.toMatch(/runtime/);
  });

  it.each([
    ["    at file:///srv/src/runtime/patterns/frames.ts:1:1", "/srv/src/runtime/"],
    [
      "    at Object.<anonymous> (/ext/acme.opsvi-agents-1.0.0/dist/agentHost.cjs:9:9)",
      "/ext/acme.opsvi-agents-1.0.0/dist/",
    ],
    ["    at x (C:\\ext\\opsvi-agents\\dist\\index.cjs:9:9)", "C:/ext/opsvi-agents/dist/"],
    ["    at file:///srv/app/dist/bundle.mjs:1:1", null],
    ["    at native", null],
  ])("of the library itself are those in its folder: %j", (line, folder) => {
    expect(ownFolder(`Error\n${line}\n    at later (/a/b.js:1:1)`)).toBe(folder);
    expect(ownFolder("")).toBeNull();
  });

  it("are not looked for in the message, nor where the stack is long", () => {
    const message = "remote failed\n    at theirs (/srv/theirs.js:1:1)";
    const stack = `Error: ${message}\n    at ours (/srv/ours.js:2:2)`;
    expect(inAppFrames(stack, message)).toEqual(["ours (ours)"]);
    expect(
      inAppFrames(`Error\n${"    at x (node:fs:1:1)\n".repeat(300)}    at late (/a/late.js:1:1)`),
    ).toEqual([]);
    expect(inAppFrames(`Error\n    at ${"f".repeat(2000)} (/a/b.js:1:1)\n    at g (/a/c.js:1:1)`)).toEqual([
      "g (c)",
    ]);
    expect(inAppFrames(`Error\n    at ${"f".repeat(500)} (/a/b.js:1:1)`)[0]).toHaveLength(200);
  });

  it.each([
    ["at run (/app/My Code (1)/a.b.ts:1:1)", ["run (a.b)"]],
    ["at /app/My Code (1)/a.ts:1:1", ["<anonymous> (a)"]],
    ["at async Promise.all (index 0)", []],
    ["at new Thing [as Other] (webpack-internal:///./src/thing.ts?2f1a:3:9)", ["new Thing (thing)"]],
    ["at f (/dist/chunk-AB12CD34.js:1:1)", ["f (chunk)"]],
    ["at f (/dist/index.3f2b8c1a.mjs:1:1)", ["f (index)"]],
    ["at f (/src/agent-research.js:1:1)", ["f (agent-research)"]],
    ["at eval (eval at run (/a/b.js:1:1), <anonymous>:1:1)", []],
    ["at f (:1:1)", []],
    ["not a frame (/a/b.js:1:1)", []],
  ])("of %j are %j", (line, frames) => {
    expect(inAppFrames(`Error: x\n    ${line}`)).toEqual(frames);
  });
});

describe("a signature", () => {
  const fail = (id: number) => new TypeError(`no item ${id}`);
  const of = (message: string, cause?: unknown) => {
    const error = new Error(message, cause === undefined ? {} : { cause });
    error.stack = "";
    return signatureOf(error);
  };

  it("groups by type, message and frames", () => {
    expect(signatureOf(fail(1)).signature).toBe(signatureOf(fail(2)).signature);
    expect(signatureOf(fail(1)).signature).toMatch(/^[0-9a-f]{12}$/);
    expect(signatureOf(new RangeError("no item 1")).signature).not.toBe(signatureOf(fail(1)).signature);
    const elsewhere = () => new TypeError("no item 1");
    expect(signatureOf(elsewhere()).signature).not.toBe(signatureOf(fail(1)).signature);
  });

  it("stays the same until the algorithm's version changes", () => {
    expect(algorithm).toBe(3);
    expect(of("no item 17").signature).toBe("c349e36a1a1d");
    expect(of("fetch failed", new RangeError("port 99999")).signature).toBe("4c372f9f9073");
  });

  it("tells causes apart, three deep", () => {
    const refused = (port: number) => of("fetch failed", new Error(`connect ECONNREFUSED 10.0.0.1:${port}`));
    expect(refused(1).signature).toBe(refused(2).signature);
    expect(refused(1).causes).toEqual(["Error: connect ECONNREFUSED <ip>"]);
    expect(refused(1).signature).not.toBe(of("fetch failed").signature);
    const chain = new Error("1", {
      cause: new Error("b", { cause: { message: "c", cause: new Error("d", { cause: "e" }) } }),
    });
    expect(signatureOf(chain).causes).toEqual(["Error: b", "Error: c", "Error: d"]);
    const cyclic = new Error("round");
    cyclic.cause = new Error("and round", { cause: cyclic });
    expect(signatureOf(cyclic).causes).toEqual(["Error: and round"]);
    expect(signatureOf(new AggregateError([new Error("first"), new Error("second")], "all")).causes).toEqual([
      "Error: first",
    ]);
    expect(signatureOf(new AggregateError([], "none")).causes).toEqual([]);
    expect(of("x", null).causes).toEqual([]);
    expect(of("x", 0).causes).toEqual(["NonError: <number>"]);
  });

  it("is given for anything that can be thrown, without secrets", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(signatureOf(thrown).signature).toHaveLength(12);
      }),
    );
    const key = "sk-abcdefghijklmnopqrstuvwx";
    const error = new Error(`bad key ${key}`, { cause: new Error(`401 for ${key}`) });
    error.name = `E ${key}`;
    expect(signatureOf(error)).toMatchObject({
      message: "bad key [redacted]",
      type: "E [redacted]",
      causes: ["Error: <number> for [redacted]"],
      redacted: 3,
    });
  });

  it("holds no part of a secret that is cut in two", () => {
    const secret = `sk-${"a".repeat(97)} `;
    const room = fc.integer({ min: 1900, max: 4300 });
    fc.assert(
      fc.property(room, fc.integer({ min: 20, max: 1500 }), fc.nat(40), (at, length, before) => {
        // What comes before may become much shorter.
        const start = (secret.repeat(before) + "x ".repeat(at)).slice(
          0,
          Math.max(at, before * secret.length),
        );
        const { message } = signatureOf(
          new Error(`${start} sk-${"S".repeat(length)} and more ${"y ".repeat(3000)}`),
        );
        expect(message).not.toMatch(/S/);
        expect(message.length).toBeLessThanOrEqual(2000);
      }),
      { numRuns: 1000 },
    );
  });
});
