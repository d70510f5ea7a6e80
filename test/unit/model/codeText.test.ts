import { expect, test } from "vitest";
import { codeProblem, inSentence } from "../../../src/model/codeText.ts";

const at = (line: number, point: string) =>
  `its line ${line} holds ${point}, which is not shown as what it is`;
const char = (point: number) => String.fromCodePoint(point);

test.each([
  ["return { task: { mode: 'safe' } };"],
  ["// Grüße, 日本語, 😀\r\n\tif (task.a) {\r\n\t\treturn {};\r\n\t}\n\nreturn { task: 1 };"],
  [`// ${"x".repeat(497)}`],
])("%j may be approved", (code) => {
  expect(codeProblem(code)).toBeNull();
});

test.each([
  ["a command of the terminal", 0x1b, "U+001B"],
  ["the end of one", 0x07, "U+0007"],
  ["a return of the cursor", 0x0d, "U+000D"],
  ["a backspace", 0x08, "U+0008"],
  ["nothing", 0x00, "U+0000"],
  ["a form feed", 0x0c, "U+000C"],
  ["a control of eight bits", 0x9b, "U+009B"],
  ["a line separator", 0x2028, "U+2028"],
  ["a paragraph separator", 0x2029, "U+2029"],
  ["a mark from right to left", 0x200f, "U+200F"],
  ["an Arabic letter mark", 0x061c, "U+061C"],
  ["an override", 0x202e, "U+202E"],
  ["an isolate", 0x2066, "U+2066"],
  ["a space without width", 0x200b, "U+200B"],
  ["a joiner", 0x200d, "U+200D"],
  ["a soft hyphen", 0x00ad, "U+00AD"],
  ["a mark of byte order", 0xfeff, "U+FEFF"],
  ["a filler that is a letter", 0x3164, "U+3164"],
  ["an empty pattern of Braille", 0x2800, "U+2800"],
  ["a selector of variants", 0xfe0f, "U+FE0F"],
  ["a tag", 0xe0041, "U+E0041"],
  ["half a character", 0xd800, "U+D800"],
  ["a space that does not break", 0x00a0, "U+00A0"],
])("%s is named with its line", (_name, point, told) => {
  expect(codeProblem(`// one\n// two${char(point)} three\n`)).toBe(at(2, told));
});

test("a line that an editor would not show to its end is named", () => {
  expect(codeProblem(`return {};\n${" ".repeat(490)}return { task: 1 };`)).toBe(
    "its line 2 is longer than 500 characters",
  );
});

test("the words of a solution are one line of a sentence, in which all is seen", () => {
  expect(inSentence("give it more time")).toBe("give it more time");
  expect(inSentence(' safe"?\n\nApproved by\tall ')).toBe('safe"? Approved by all');
  expect(inSentence(`a${char(0x202e)}b${char(0x200b)}c${char(0xe0041)}`)).toBe(
    "a\\u202eb\\u200bc\\udb40\\udc41",
  );
  expect(inSentence("x".repeat(5000))).toHaveLength(300);
});
