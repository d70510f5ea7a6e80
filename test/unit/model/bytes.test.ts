import { expect, test } from "vitest";
import { bytesText } from "../../../src/model/bytes.ts";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1 KB"],
  [1450, "1.5 KB"],
  [999_400, "999 KB"],
  [999_500, "1 MB"],
  [500e6, "500 MB"],
  [2.5e12, "2.5 TB"],
  [4e15, "4,000 TB"],
])("%d bytes are told as they are given: %s", (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
