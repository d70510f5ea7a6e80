import { PassThrough } from "node:stream";
import { expect, it, vi } from "vitest";
import { answerCommandFor, choicesOf, parseAnswer } from "../../../src/cli/answerText.ts";
import { askPerson } from "../../../src/cli/terminal.ts";
import type { Question } from "../../../src/model/runRecord.ts";
import { UserError } from "../../../src/model/userError.ts";

const approve: Question = { kind: "approve", message: "Sure?" };
const choose: Question = { kind: "choose", message: "Which?", options: ["red", "2", "dark blue"] };
const text: Question = { kind: "text", message: "Name?", default: "Ada" };
const secret: Question = { kind: "text", message: "Code?", secret: true };

it("takes yes and no, an option or its number, and texts as they are", () => {
  expect(["yes", "Y ", "true", "no", "N", "false"].map((word) => parseAnswer(approve, word))).toEqual([
    ...[true, true, true, false, false, false],
  ]);
  expect(["red", " dark blue", "1", "2", "3"].map((word) => parseAnswer(choose, word))).toEqual([
    ...["red", "dark blue", "red", "2", "dark blue"],
  ]);
  expect([parseAnswer(text, ""), parseAnswer(text, " x "), parseAnswer(secret, "")]).toEqual([
    "Ada",
    " x ",
    "",
  ]);
  expect([approve, choose, text, secret].map(choicesOf)).toEqual([
    ...["yes or no", "1 red, 2 2, 3 dark blue", "a text; nothing means Ada", "not shown"],
  ]);
});

it("takes an option whose secret is not recorded by its number", () => {
  const options = ["key [redacted]", "key [redacted]", "none"];
  const question: Question = { kind: "choose", message: "Key?", options };
  expect(choicesOf(question)).toBe("1 key [redacted], 2 key [redacted], 3 none");
  expect(["2", "3", "none"].map((text) => parseAnswer(question, text))).toEqual([
    { option: 1 },
    "none",
    "none",
  ]);
  expect(() => parseAnswer(question, "key [redacted]")).toThrow(/or its number from 1 to 3\.$/);
});

it("tells the command that answers without the secrets of its options", () => {
  const key = "sk-abcdefghijklmnopqrstuvwxyz123456";
  const question: Question = { kind: "choose", message: "Key?", options: [`key ${key}`, "none"] };
  expect(answerCommandFor("0199", question)).toBe(
    "opsvi-agents runs answer 0199 VALUE (1 key [redacted], 2 none)",
  );
  expect(answerCommandFor("0199", text)).toMatch(/VALUE \(a text; nothing means Ada\)$/);
});

it("says what is expected", () => {
  expect(() => parseAnswer(approve, "maybe")).toThrow(new UserError('The answer to "Sure?" is yes or no.'));
  for (const wrong of ["green", "0", "4", ""]) {
    expect(() => parseAnswer(choose, wrong)).toThrow(
      new UserError('The answer to "Which?" is one of "red", "2", "dark blue", or its number from 1 to 3.'),
    );
  }
});

function terminal(isTerminal = false) {
  const input = new PassThrough();
  const output = new PassThrough().setEncoding("utf8");
  let shown = "";
  output.on("data", (chunk: string) => void (shown += chunk));
  return {
    ...{ terminal: { input, output, isTerminal }, input },
    shown: () => shown,
    until: (part: string) => vi.waitUntil(() => shown.includes(part)),
  };
}
const never = new AbortController().signal;

it("asks until the answer fits", async () => {
  const { terminal: at, input, shown, until } = terminal();
  const answer = askPerson(choose, at, never);
  await until("Which? (1 red, 2 2, 3 dark blue): ");
  input.write("green\n");
  await until("from 1 to 3.\nWhich?");
  input.write("3\n");
  expect(await answer).toBe("dark blue");
  expect(shown().match(/Which\? /g)).toHaveLength(2);
});

it("does not show a secret, and shows what else is typed", async () => {
  for (const [question, visible] of [
    [secret, false],
    [text, true],
  ] as const) {
    const { terminal: at, input, shown, until } = terminal(true);
    const answer = askPerson(question, at, never);
    await until("): ");
    input.write("hunter2\r");
    expect(await answer).toBe("hunter2");
    expect(shown().includes("hunter2")).toBe(visible);
  }
});

it("stops asking where the answer came from elsewhere, or nobody can type any more", async () => {
  const elsewhere = new AbortController();
  const first = terminal();
  const asked = askPerson(approve, first.terminal, elsewhere.signal);
  await first.until("Sure?");
  elsewhere.abort();
  expect(await asked).toBeNull();
  const second = terminal();
  const answer = askPerson(approve, second.terminal, never);
  await second.until("Sure?");
  second.input.end();
  expect(await answer).toBeNull();
});
