import { expect, test } from "vitest";
import { useWorkspace } from "./workspace.ts";

const workspace = useWorkspace();

const LEGACY = `
  class Connector {
    constructor() { this.opened = 0; }
    open() { this.opened++; }
  }
  export class Translator extends Connector {
    translate(text, language) {
      if (this.opened !== 1) throw new Error("not opened once");
      return text === "" ? { ok: false } : { ok: true, text: language + ": " + text };
    }
  }
  export class Mailer { run() { return "mailed"; } }`;

const mapping = (classes: unknown): Promise<string> =>
  workspace.write(".proj-intel/adapters.json", JSON.stringify({ version: 1, classes }));

test("agents are called as .proj-intel/adapters.json says of their classes and bases", async () => {
  await mapping({
    Connector: { init: "open" },
    Translator: {
      method: "translate",
      arguments: ["task.text", { value: "de" }],
      failedWhen: { field: "ok", equals: false },
    },
  });
  const run = await workspace.run("agents.mjs", LEGACY, "Translator", { task: { text: "hello" } });
  expect(run.end).toMatchObject({ status: "success", output: { ok: true, text: "de: hello" } });
  const failed = workspace.start("agents.mjs#Translator", { text: "" });
  expect(await failed.finished).toMatchObject({
    status: "failed",
    error: { name: "ReportedFailureError", message: "The agent returned ok: false." },
  });
  const missing = workspace.start("agents.mjs#Translator", {});
  expect(await missing.finished).toMatchObject({
    status: "failed",
    error: {
      name: "TaskValidationError",
      message: "The task lacks text: the mapping of translate takes task.text.",
    },
  });
  const unmapped = workspace.start("agents.mjs#Mailer");
  expect(await unmapped.finished).toMatchObject({ status: "success", output: { output: "mailed" } });
});

test("a broken mapping fails the run with one sentence, before the agent is made", async () => {
  await mapping({ Translator: { method: "translate", argument: [] } });
  const run = await workspace.run(
    "agents.mjs",
    LEGACY.replace("this.opened = 0;", 'console.log("made");'),
    "Translator",
  );
  expect(run.end).toMatchObject({ status: "failed", error: { name: "UserError" } });
  expect(run.end.error?.message).toMatch(
    /adapters\.json is not a mapping of adapters\. Class "Translator": there is no field "argument", only method, arguments, init, close, snapshot, failedWhen\.$/,
  );
  expect(run.end.error?.stack ?? "").not.toContain("read.ts");
  expect(run.log()).not.toContain("made");
});

test("a mapping of a newer version is left alone, and said so", async () => {
  await workspace.write(".proj-intel/adapters.json", '{"version": 9}');
  const run = await workspace.run("agents.mjs", LEGACY, "Mailer");
  expect(run.end.error?.message).toMatch(
    /adapters\.json has version 9, and this version of opsvi-agents reads version 1: update opsvi-agents\.$/,
  );
});
