import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecretKey, redact, redactText } from "../../../../src/runtime/checkpoint/redact.ts";

describe("secrets by key", () => {
  it.each(
    "password apiKey api_key API-KEY openaiApiKey clientSecret client_secret accessToken refresh_token token authorization Cookie privateKey awsSecretAccessKey credentials DB_PASSWORD jwt".split(
      " ",
    ),
  )("%s", (key) => {
    expect(isSecretKey(key)).toBe(true);
    expect(redact({ [key]: "value", keep: "value" })).toEqual({
      value: { [key]: "[redacted]", keep: "value" },
      count: 1,
    });
  });

  it.each(
    "maxTokens tokens tokenCount keyword key monkey secretary author sessionId primaryKey passage".split(" "),
  )("not %s", (key) => expect(isSecretKey(key)).toBe(false));

  it("go with all they hold, but numbers, nulls and empty texts stay", () => {
    const value = {
      secrets: { a: "x", b: ["y"] },
      token: 5,
      password: null,
      secret: "",
      passphrase: undefined,
    };
    expect(redact(value)).toEqual({ value: { ...value, secrets: "[redacted]" }, count: 1 });
  });
});

describe("secrets by shape", () => {
  it.each([
    ["sk-abcdefghijklmnopqrstuvwx", ""],
    ["sk-ant-api03-abcdefghijklmnop_qrst", ""],
    ["sk_live_abcdefghijklmnop", ""],
    [`ghp_${"a1".repeat(18)}`, ""],
    ["xoxb-1234567890-abcdef", ""],
    ["AKIAIOSFODNN7EXAMPLE", ""],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_def", ""],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", ""],
    ["Bearer abcdefghijklmnop", "Bearer "],
    ["postgres://user:hunter22@host/db", "postgres://user:", "@host/db"],
    ["api_key=abcdef123", "api_key="],
    ['"password": "hunter22"', '"password": "', '"'],
    ['{"access-token":"abcdef"}', '{"access-token":"', '"}'],
    ["https://host/path?token=abcdef#top", "https://host/path?token=", "#top"],
    ["https://host/path?a=1&sig=abc%2Fdef&b=2", "https://host/path?a=1&sig=", "&b=2"],
    ["-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc\n-----END PGP PRIVATE KEY BLOCK-----", ""],
  ])("%s", (secret, before, after = "") => {
    const { text, count } = redactText(`before ${secret} after`);
    expect(text).toBe(`before ${before}[redacted]${after} after`);
    expect(count).toBe(1);
  });

  it.each([
    "a task-oriented agent",
    "https://example.com/path?page=2",
    "skate-boarding-tricks-for-beginners",
    "https://host:8080/path",
    "https://host/path?tokens=1000&design=flat",
    '"token" : 5, "maxTokens": "1000"',
    "mail me@example.com",
    "the risk-assessment-of-the-plan",
  ])("but not %s", (text) => {
    expect(redactText(text)).toEqual({ text, count: 0 });
  });
});

it.each(["eyJ-", "sk-", "a."])("takes bounded time for 200 KB of %s", (part) => {
  const text = `token ${part.repeat(200_000 / part.length)}`;
  const started = performance.now();
  expect(redactText(text)).toEqual({ text, count: 0 });
  expect(performance.now() - started).toBeLessThan(1500);
});

it("leaves other data as it is, and is done after one pass", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const once = redact(value);
      expect(redact(once.value)).toEqual({ value: once.value, count: 0 });
      if (once.count === 0) expect(once.value).toEqual(value);
    }),
  );
});
