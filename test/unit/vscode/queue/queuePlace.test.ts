import { describe, expect, it } from "vitest";
import {
  passwordAdvice,
  passwordKey,
  queuePlace,
  withPassword,
} from "../../../../src/vscode/queue/queuePlace.ts";

const place = (url: unknown, name: unknown = "opsvi-agents") => queuePlace(url, name);

describe("The queue of the settings", () => {
  it.each([
    ["redis://localhost:6379", "redis"],
    [" rediss://ada@cache.example.org ", "redis"],
    ["postgres://ada@db.example.org/jobs", "postgres"],
  ])("is at %j", (url, kind) => {
    expect(place(url)).toEqual({ kind, url: url.trim(), name: "opsvi-agents" });
  });

  it.each([
    ["", /^No queue is named: the setting opsviAgents\.queue\.url takes its address/],
    [" ", /^No queue is named/],
    ["http://localhost", /^The address of a queue is redis:/],
    [7, /^The address of a queue is redis:/],
  ])("is none at %j", (url, sentence) => {
    expect(() => place(url)).toThrow(sentence);
  });

  it("has a name that a queue may have", () => {
    expect(place("redis://localhost", "nightly").name).toBe("nightly");
    expect(() => place("redis://localhost", "Nightly Runs")).toThrow(/^"Nightly Runs" is no name of a queue/);
  });

  it.each([
    "redis://:swordfish@localhost:6379",
    "postgres://ada:swordfish@localhost/jobs",
    "postgres://ada@localhost/jobs?password=swordfish",
    "redis://localhost?db=1&sentinelPassword=swordfish",
  ])("refuses a password in its address, and says where it goes: %s", (url) => {
    expect(() => place(url)).toThrow(/give it by “Agents: Set Password of the Queue…”\.$/);
    expect(() => place(url)).not.toThrow("swordfish");
  });
});

describe("A password", () => {
  it("stands in the address that is opened, whatever characters it has", () => {
    const { url, name } = withPassword(place("postgres://ada@localhost/jobs", "nightly"), "sword/fish@1%");
    expect(decodeURIComponent(new URL(url).password)).toBe("sword/fish@1%");
    expect([new URL(url).host, new URL(url).username, name]).toEqual(["localhost", "ada", "nightly"]);
    expect(withPassword(place("redis://localhost"), "").url).toBe("redis://localhost");
  });

  it("is kept for one host, user and kind of connection, and for all queues there", () => {
    const key = (url: string, name = "a") => passwordKey(place(url, name));
    expect(key("redis://localhost:6379", "a")).toBe(key("redis://localhost:6379", "b"));
    const others = ["redis://other:6379", "redis://localhost:6380", "redis://ada@localhost:6379"];
    const keys = ["redis://localhost:6379", "rediss://localhost:6379", ...others].map((url) => key(url));
    expect(new Set(keys).size).toBe(5);
  });

  it.each([
    ["The queue redis://h (q) cannot be used: NOAUTH Authentication required.", true],
    ["The queue redis://h (q) cannot be used: WRONGPASS invalid username-password pair.", true],
    ['The queue postgres://h (q) cannot be used: password authentication failed for user "ada".', true],
    ["The queue redis://h (q) cannot be reached: connect ECONNREFUSED 127.0.0.1:9.", false],
  ])("is asked for where a server wants one: %s", (message, wanted) => {
    expect(passwordAdvice(message)).toBe(
      wanted ? " “Agents: Set Password of the Queue…” takes its password." : "",
    );
  });
});
