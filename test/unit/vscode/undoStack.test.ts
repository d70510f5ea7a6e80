import { expect, test } from "vitest";
import { UndoStack } from "../../../src/vscode/patterns/undoStack.ts";

const stackOf = (...items: string[]) => {
  const stack = new UndoStack<string>(3);
  for (const item of items) stack.push(item);
  return stack;
};
const fail = () => Promise.reject(new Error("busy"));
const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);

test("what cannot be taken back just now is still the last", async () => {
  const stack = stackOf("merge", "rename");
  await expect(stack.takeBack(fail, yes)).rejects.toThrow("busy");
  expect(stack.last).toBe("rename");
  await stack.takeBack(yes, yes);
  expect(stack.last).toBe("merge");
});

test("what can never be taken back does not stand before what can", async () => {
  const stack = stackOf("merge", "rename");
  await expect(stack.takeBack(fail, no)).rejects.toThrow("busy");
  expect(stack.last).toBe("merge");
});

test("each is taken back once, also where somebody presses again at once", async () => {
  const stack = stackOf("merge", "rename");
  const taken: string[] = [];
  const slowly = async (item: string) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    taken.push(item);
  };
  const both = [stack.takeBack(slowly, yes), stack.takeBack(slowly, yes), stack.takeBack(slowly, yes)];
  stack.push("mute");
  await Promise.all(both);
  expect(taken).toEqual(["mute", "rename", "merge"]);
  expect(stack.last).toBeUndefined();
});

test("what was changed meanwhile stays", async () => {
  const stack = stackOf("merge");
  await stack.takeBack((item) => {
    expect(item).toBe("merge");
    stack.push("mute");
    return Promise.resolve();
  }, yes);
  expect(stack.last).toBe("mute");
});

test("it remembers so many", async () => {
  const stack = stackOf("a", "b", "c", "d");
  for (let i = 0; i < 3; i += 1) await stack.takeBack(yes, yes);
  expect(stack.last).toBeUndefined();
});
