import { expect, it } from "vitest";
import { offered, remembered } from "../../../src/vscode/batches/atATime.ts";

it("A batch offers what the one before was given, as far as the setting and the tasks go", () => {
  expect(offered({ tasks: 20, most: 10, last: undefined })).toBe(10);
  expect(offered({ tasks: 20, most: 10, last: 3 })).toBe(3);
  expect(offered({ tasks: 20, most: 2, last: 3 })).toBe(2);
  expect(offered({ tasks: 2, most: 10, last: 3 })).toBe(2);
});

it("A batch remembers what was chosen, but not that its tasks were few", () => {
  expect(remembered(3, { tasks: 20, most: 10, last: undefined })).toBe(3);
  expect(remembered(2, { tasks: 2, most: 10, last: undefined })).toBe(undefined);
  expect(remembered(2, { tasks: 2, most: 10, last: 5 })).toBe(5);
  expect(remembered(1, { tasks: 2, most: 10, last: 5 })).toBe(1);
});
