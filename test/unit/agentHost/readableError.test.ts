import { describe, expect, test } from "vitest";
import { readableError } from "../../../src/agentHost/readableError.ts";
import { revoked, trap } from "../unreadable.ts";

const broken = (key: string) => Object.defineProperty(new TypeError("real"), key, { get: trap });
const UNREADABLE = "An error was thrown whose message cannot be read: ";

describe("A thrown error", () => {
  test.each<[string, unknown, string, string]>([
    ["whose message throws", broken("message"), "TypeError", `${UNREADABLE}trap`],
    ["whose name throws", broken("name"), "Error", "real"],
    ["whose stack throws", broken("stack"), "TypeError", "real"],
    ["whose cause throws", broken("cause"), "TypeError", "real"],
    [
      "that is a proxy whose traps throw",
      new Proxy(new Error("real"), { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap }),
      ...(["Error", `${UNREADABLE}trap`] as const),
    ],
    [
      "that is a revoked proxy",
      revoked(),
      ...(["Error", `${UNREADABLE}Cannot perform 'get' on a proxy that has been revoked`] as const),
    ],
    [
      "whose message throws the error itself",
      Object.defineProperty(new Error("real"), "message", {
        get(): never {
          throw this;
        },
      }),
      ...(["Error", `${UNREADABLE}reading it fails`] as const),
    ],
    [
      "whose message is an object that is no text",
      { name: "Odd", message: { toString: trap } },
      ...(["Odd", "{}"] as const),
    ],
    [
      "that cannot be inspected",
      { [Symbol.for("nodejs.util.inspect.custom")]: trap, code: 5 },
      ...(["Error", '{"code":5}'] as const),
    ],
    [
      "whose cause is unreadable",
      new Error("outer", { cause: broken("message") }),
      ...(["Error", `outer (cause: ${UNREADABLE}trap)`] as const),
    ],
    [
      "of several, one of them unreadable",
      new AggregateError([broken("message"), new Error("other")], "outer"),
      ...(["AggregateError", `outer (cause: ${UNREADABLE}trap; other)`] as const),
    ],
  ])("%s is told in a sentence", (_title, thrown, name, message) => {
    expect(readableError(thrown)).toMatchObject({ name, message });
  });
});
