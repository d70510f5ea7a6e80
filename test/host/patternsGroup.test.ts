import { text } from "node:stream/consumers";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { commandLine, jsonLines } from "./commandLine.ts";
import { dist, useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();
const { cli } = commandLine(workspace);

interface Line {
  type: string;
  data: { line: number; signature: string; template: string };
}

async function grouped(content: string | Buffer): Promise<Line["data"][]> {
  await writeFile(join(workspace.root, "messages.txt"), content);
  const { code, out, err } = await cli("patterns", "group", "messages.txt", "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return (jsonLines(out) as Line[]).map(({ type, data }) => {
    expect(type).toBe("group");
    expect(Object.keys(data)).toEqual(["line", "signature", "template"]);
    return data;
  });
}

const stack = (line: number) =>
  JSON.stringify(
    `TypeError: job ${line} failed\n    at run (/srv/a.ts:${line}:5)\n    at /srv/main.ts:${line}:1`,
  );

describe("patterns group", () => {
  test("gives lines of one group one signature, of plain texts and of stacks", async () => {
    const lines = await grouped(
      `\uFEFFjob 1 failed\r\n\r\n${stack(1)}\r\njob 2 failed\r\n   \r\n${stack(2)}\r\n\u001b[31mjob 3 failed\u001b[0m`,
    );
    expect(lines.map(({ line, template }) => [line, template])).toEqual([
      [1, "job <number> failed"],
      [3, "TypeError: job <number> failed"],
      [4, "job <number> failed"],
      [6, "TypeError: job <number> failed"],
      [7, "job <number> failed"],
    ]);
    const [first, second, third, fourth, fifth] = lines.map(({ signature }) => signature);
    expect([third, fifth]).toEqual([first, first]);
    expect(fourth).toBe(second);
    expect(second).not.toBe(first);
  });

  test("finds words that vary", async () => {
    const users = ["root", "ann", "bob", "eve"];
    const lines = await grouped(users.map((user) => `session opened for user ${user} by (uid=0)\n`).join(""));
    expect(new Set(lines.map(({ signature }) => signature)).size).toBe(1);
    expect(lines[0]?.template).toBe("session opened for user <*> by (uid=<number>)");
  });

  test("takes what is no message as it is", async () => {
    const long = "x ".repeat(3e6);
    const odd = [
      '{"a":1}',
      '"not closed',
      "42",
      "null",
      '""',
      "日本語 17",
      "$& \\1 .*",
      long,
      "🙂".repeat(10),
    ];
    const lines = await grouped(odd.join("\n"));
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
    expect(lines[4]?.template).toBe("日本語 <number>");
    expect((await grouped(Buffer.from("\uFEFFjob 1 failed\r\njob 2 failed", "utf16le"))).length).toBe(2);
    expect(await cli("patterns", "group", "messages.txt")).toMatchObject({ code: 0 });
  });

  test("reads standard input, and shows a table", async () => {
    const child = spawn(process.execPath, [join(dist, "cli.cjs"), "patterns", "group", "-"]);
    child.stdin.end("b 1\na 1\nb 2\n");
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(err).toBe("3 messages in 2 groups.\n");
    expect(out.split("\n").map((line) => line.replace(/[0-9a-f]{12}/, "SIGNATURE"))).toEqual([
      "COUNT  SIGNATURE     LINE  TEMPLATE",
      "2      SIGNATURE  1     b <number>",
      "  for example: b 1",
      "1      SIGNATURE  2     a <number>",
      "  for example: a 1",
      "",
    ]);
  });

  test("shows no secrets and steers no terminal", async () => {
    await workspace.write("secret.txt", `bad key sk-${"a".repeat(40)} \u001b]0;title\u0007\u0001\n`);
    const { out } = await cli("patterns", "group", "secret.txt");
    expect(out).toContain("bad key [redacted]");
    expect(out).not.toMatch(/[^\n\x20-\x7e]/);
  });

  test("tells what cannot be read", async () => {
    await workspace.write("empty.txt", "\n\r\n  ");
    expect(await cli("patterns", "group", "empty.txt", "--json")).toEqual({
      ...{ code: 0, out: "", err: "empty.txt holds no message.\n" },
    });
    await writeFile(join(workspace.root, "binary"), Buffer.from([0x7f, 0x45, 0, 0, 1]));
    expect(await cli("patterns", "group", "binary")).toEqual({
      ...{ code: 2, out: "", err: "binary is no text: give a file with one message a line.\n" },
    });
    expect(await cli("patterns", "group", "nothing")).toMatchObject({
      ...{ code: 2, err: "There is no file nothing.\n" },
    });
    expect(await cli("patterns", "group", ".")).toMatchObject({
      ...{ code: 2, err: ". is a folder, where a file is wanted.\n" },
    });
  });
});
