import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorOf } from "../../../src/patterns/errorText.ts";
import { MessageGroups } from "../../../src/patterns/grouping/messageGroups.ts";
import { signatureOf } from "../../../src/runtime/patterns/signature.ts";

/** The template of each message. */
function templates(messages: readonly string[], most?: number): (string | undefined)[] {
  const groups = new MessageGroups(most);
  const signed = messages.map((message) => signatureOf(errorOf(message)));
  for (const parts of signed) groups.show(parts);
  return signed.map((parts) => groups.of(parts)?.template);
}

const once = (messages: readonly string[]) => [...new Set(templates(messages))];

describe("what varies", () => {
  it("is a name, as soon as there are two", () => {
    expect(
      once([
        "com.acme.Mail: told me to run this job, but it is too early",
        "com.acme.Calendar: told me to run this job, but it is too early",
      ]),
    ).toEqual(["<*>: told me to run this job, but it is too early"]);
    expect(once(["disk sda1 has no space left", "disk sdb2 has no space left"])).toEqual([
      "disk <*> has no space left",
    ]);
  });

  it("is a plain word, where four are seen and enough stays the same", () => {
    const opened = (user: string) => `session opened for user ${user} by (uid=0)`;
    const users = ["root", "ann", "bob", "eve"];
    expect(once(users.map(opened))).toEqual(["session opened for user <*> by (uid=<number>)"]);
    expect(once(users.slice(1).map(opened))).toHaveLength(3);
    expect(once(users.map((user) => `user ${user}`))).toHaveLength(4);
  });

  it("is no word that tells what happened", () => {
    const happened = ["started", "stopped", "paused", "resumed", "closing"];
    expect(once(happened.map((what) => `the virtual machine was ${what} by the host`))).toHaveLength(5);
    const codes = ["ENOENT", "EACCES", "EPERM", "EISDIR", "ERR_HTTP2_STREAM_ERROR"];
    expect(once(codes.map((code) => `cannot read the settings of the project: ${code} again`))).toHaveLength(
      5,
    );
    expect(
      once(["TS2304", "TS2339", "TS2551"].map((code) => `check of the file failed with ${code} here`)),
    ).toHaveLength(3);
  });

  it("is what placeholders of different kinds stand for", () => {
    expect(
      once(["failed login of user 17 from 10.0.0.1", "failed login of user 17 from db.example.com"]),
    ).toEqual(["failed login of user <number> from <*>"]);
  });

  it("may be longer than one word", () => {
    expect(
      once([
        "synchronized to 10.0.0.1, stratum 3",
        "synchronized to 10.0.0.2, stratum 2",
        "synchronized to LOCAL(0), stratum 10",
      ]),
    ).toHaveLength(1);
    expect(once(["closed after 5 MB (5242880 bytes)", "closed after <1 sec", "closed after 12 sec"])).toEqual(
      ["closed after <*>"],
    );
    expect(
      once([
        "Failed password for <guest> from 10.0.0.1",
        "Failed password for invalid user x1 from 10.0.0.1",
      ]),
    ).toHaveLength(2);
  });

  it("is never the name of the error, its frames or its causes", () => {
    const names = ["TypeError", "RangeError", "EvalError", "URIError", "SyntaxError"];
    expect(once(names.map((name) => `${name}: the item of the list is gone`))).toHaveLength(5);
    const at = (file: string) => `Error: the item of the list is gone\n    at f (/srv/${file}.js:1:1)`;
    const groups = new MessageGroups();
    const numbers = ["a", "b", "a"].map((file) => groups.show(signatureOf(errorOf(at(file)))));
    const [a, b, again] = numbers.map((number) => groups.at(number ?? -1)?.signature);
    expect(a).not.toBe(b);
    expect(a).toBe(again);
  });
});

it("properties that are missed stay told apart by what they are missed on", () => {
  const read = (what: string) => `TypeError: Cannot read properties of ${what} (reading 'map')`;
  expect(once([read("undefined"), read("null")])).toHaveLength(2);
});

it("groups of one signature have that signature", () => {
  const signed = [1, 2].map((n) => signatureOf(errorOf(`RangeError: no item ${n}`)));
  const groups = new MessageGroups();
  for (const parts of signed) groups.show(parts);
  expect(signed.map((parts) => groups.of(parts)?.signature)).toEqual(
    signed.map(({ signature }) => signature),
  );
});

it("messages beyond those that are compared join their groups", () => {
  const opened = ["ann", "bob", "eve", "root"].map((user) => `session opened for user ${user} by host`);
  const late = [
    "session opened for user zoe by host",
    "session opened for user zoe of them by host",
    "session of zoe",
  ];
  expect(templates([...opened, ...late], 4)).toEqual([
    ...Array.from({ length: 6 }, () => "session opened for user <*> by host"),
    undefined,
  ]);
  expect(new MessageGroups().of(signatureOf("x"))).toBeNull();
});

const word = fc.constantFrom(
  ..."failed,user,root,ann,bob,eve,<*>,<,>,(,),=,:,com.a.B,x1,/srv/a,10.0.0.1,12,'q',日本語,é,\u001b[31m,🙂,$&,\\,*,{,}".split(
    ",",
  ),
);
const messages = fc.array(fc.array(word, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 40 });

it("the order of the messages does not matter, and each has one group", () => {
  fc.assert(
    fc.property(messages, (drawn) => {
      const texts = drawn.map((words) => words.join(" "));
      const groups = (of: readonly string[]) =>
        new Map(templates(of).map((template, i) => [of[i], template] as const));
      const there = groups(texts);
      const back = groups(texts.toReversed());
      for (const text of texts) expect(back.get(text)).toBe(there.get(text));
    }),
    { numRuns: 300 },
  );
});

it("hostile messages take no long time", () => {
  const many = 3000;
  const hard = [
    ...["<<*>", "( ", "a.", "<number> ", "x:1 ", "[]", "日", "a_", "~1", "<*> <*> "].map((text) =>
      text.repeat(5e4),
    ),
    ...Array.from({ length: many }, (_, i) => `w${i.toString(36)} `.repeat(100)),
    ...Array.from({ length: many }, (_, i) =>
      "a b c d e f g h".replaceAll(" ", ` ${"xyz"[i % 3] ?? ""}${i} `),
    ),
    ...Array.from({ length: many }, (_, i) => `${"same ".repeat(100)}${letters(i)}`),
    "\n".repeat(1e5),
    `${"\n".repeat(1e5)}Traceback (most recent call last):\n${'  File "a", line 1\n'.repeat(2e4)}`,
    `x\n${"    at a.b(C.java:1)\n".repeat(2e4)}`,
    `${"a/".repeat(5e4)}\n    at ${"a/".repeat(5e4)}(`,
    "Caused by: ".repeat(2e4),
    `${"\n\t".repeat(5e4)}Caused by: x`,
    `${"x".repeat(1e5)}Erro: y`,
  ];
  expect(templates(hard)).toHaveLength(hard.length);
}, 60_000);

const letters = (n: number): string =>
  n
    .toString(26)
    .split("")
    .map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)))
    .join("");
