import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Encoder } from "../../../../src/runtime/checkpoint/encode.ts";
import { isSecretKey, redact, redactText } from "../../../../src/runtime/checkpoint/redact.ts";

describe("secrets as keys", () => {
  it("are replaced, and what stood under them stays apart", () => {
    const [one, other] = ["ghp_0123456789abcdefghij0123456789", "ghp_9876543210abcdefghij0123456789"];
    const { value, count } = redact({ [one]: 1, [other]: { [one]: 2 }, kept: 3 });
    expect(value).toEqual({ "[redacted]": 1, "[redacted] 2": { "[redacted]": 2 }, kept: 3 });
    expect(count).toBe(3);
  });
});

describe("secrets by key", () => {
  it.each(
    "password apiKey api_key API-KEY openaiApiKey clientSecret client_secret accessToken refresh_token token authorization Cookie privateKey awsSecretAccessKey credentials DB_PASSWORD jwt otp".split(
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
    "maxTokens tokens tokenCount keyword key monkey secretary author sessionId primaryKey passage passwordLength secret_count credentialsTtl token_count".split(
      " ",
    ),
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

  it("are numbers too, where these are long enough and count nothing", () => {
    const hidden = { password: 12345678, otp: 123456, pwd: -1234, apiKey: 2 ** 40, secret: 123456789n };
    const kept = { token: 4096, max_token: 128_000, passwordLength: 1234, secrets: 3, secret: 1.5, otp: NaN };
    const redacted = Object.fromEntries(Object.keys(hidden).map((key) => [key, "[redacted]"]));
    expect(redact(hidden)).toEqual({ value: redacted, count: 5 });
    expect(redact(kept)).toEqual({ value: kept, count: 0 });
    const encoder = new Encoder();
    expect(encoder.encode(hidden, "")).toMatchObject({ text: JSON.stringify(redacted), redactions: 5 });
    expect(encoder.encode({ ...kept, otp: 0 }, "")).toMatchObject({ redactions: 0 });
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
    ["OPENAI_API_KEY=abcdef1234567890abcdef", "OPENAI_API_KEY="],
    ["DB_PASSWORD=hunter2hunter2", "DB_PASSWORD="],
    ["PGPASSWORD=hunter2", "PGPASSWORD="],
    ["dbPassword: hunter2", "dbPassword: "],
    ["MYSQL_PWD=hunter2", "MYSQL_PWD="],
    ["SMTP_PASS=hunter2", "SMTP_PASS="],
    [`GITHUB_TOKEN=${"0123456789".repeat(4)}`, "GITHUB_TOKEN="],
    [`GITHUB_TOKEN=${"0123456789abcdef0123".repeat(2)}`, "GITHUB_TOKEN="],
    ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SECRET_ACCESS_KEY="],
    ['export STRIPE_WEBHOOK_SECRET="whsec abc"', 'export STRIPE_WEBHOOK_SECRET="', '"'],
    ['export X_KEY="0a1b2c3d4e5f"', 'export X_KEY="', '"'],
    ["X_KEY: 0a1b2c3d4e5f", "X_KEY: "],
    ["'DEPLOY_TOKEN': 'abcdefghijkl'", "'DEPLOY_TOKEN': '", "'"],
    ["AccountKey=abc123def456==;Endpoint", "AccountKey=", ";Endpoint"],
    ["refresh_token = 1a2b3c4d5e", "refresh_token = "],
    ["X-Auth-Token: 1a2b3c4d5e", "X-Auth-Token: "],
    ["{githubToken: abcdefghijklmnopqrstuvwxyz", "{githubToken: "],
    ['{"DB_PASSWORD": "correct horse battery"}', '{"DB_PASSWORD": "', '"}'],
    ['{"password":"it\'s me"}', '{"password":"', '"}'],
    ['"{\\"db_password\\":\\"hunter2\\",\\"a\\":1}"', '"{\\"db_password\\":\\"', '\\",\\"a\\":1}"'],
    ['{\\"token\\":\\"abcdef\\"}', '{\\"token\\":\\"', '\\"}'],
    ['{"otp": 123456', '{"otp": '],
    ["password: 12345678", "password: "],
    ["mysql --password hunter2", "mysql --password "],
    ["--db-password 'hunter two'", "--db-password '", "'"],
    ["--api-key abcdef", "--api-key "],
    ["--token=1a2b3c4d", "--token="],
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
    "max_tokens=4096 MAX_TOKENS=4096 MAX_TOKEN=4096 LAST_TOKEN: 50256 next-token=12345678",
    "token_count: 12, tokens: 1234, passwordLength: 1234, password_length=1234",
    '{"max_tokens": 4096, "passwordLength": 1234, "tokenCount": 1200, "secretary": "John"}',
    "Unexpected token: identifier; Invalid id-token: expected",
    "PRIMARY_KEY=customer_id_2024 CACHE_KEY: user-1234567890 REDIS_KEY=users",
    "AWS_ACCESS_KEY_ID=none KEY=value monkey=1234567890abc",
    "use --password <value>, --token $TOKEN or --max-tokens 4096",
    "the user-password field, a token is needed, the secret of it",
    "OLDPWD=/home/me laptop: 1234 backdrop: abcd",
  ])("but not %s", (text) => {
    expect(redactText(text)).toEqual({ text, count: 0 });
  });
});

it.each(["eyJ-", "sk-", "a.", "--", "password ", "_TOKEN", "\\", "key=", "--key "])(
  "takes bounded time for 200 KB of %s",
  (part) => {
    const text = `token ${part.repeat(200_000 / part.length)}`;
    const started = performance.now();
    expect(redactText(text)).toEqual({ text, count: 0 });
    expect(performance.now() - started).toBeLessThan(1500);
  },
);

it("leaves other data as it is, and is done after one pass", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const once = redact(value);
      expect(redact(once.value)).toEqual({ value: once.value, count: 0 });
      if (once.count === 0) expect(once.value).toEqual(value);
    }),
  );
});
