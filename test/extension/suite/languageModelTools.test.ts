import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as vscode from "vscode";
import { LanguageModelTools } from "../../../src/vscode/contributions.ts";
import { RunAgentTool } from "../../../src/vscode/languageModel/languageModelTools.ts";
import { api, eventually, file, remove } from "./support.ts";

/** What a language model reads. VS Code agrees by itself to what needs consent while tests run. */
async function invoke(tool: string, input: object, token?: vscode.CancellationToken): Promise<string> {
  const result = await vscode.lm.invokeTool(tool, { input, toolInvocationToken: undefined }, token);
  return result.content
    .map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ""))
    .join("");
}

const run = (input: object, token?: vscode.CancellationToken) => invoke(LanguageModelTools.run, input, token);

describe("Tools of language models", () => {
  before(async () => {
    // What uses a tool activates its extension; here it may be the first.
    await api();
  });
  after(() => remove(".proj-intel"));

  it("are known with their schema and tags", () => {
    const known = vscode.lm.tools.filter(({ name }) => name.startsWith("opsvi_agents_"));
    assert.deepEqual(
      known.map(({ name, tags }) => ({ name, tags: [...tags] })),
      Object.values(LanguageModelTools).map((name) => ({ name, tags: ["agents", "opsvi-agents"] })),
    );
    const schema = known[1]?.inputSchema as { required?: string[] } | undefined;
    assert.deepEqual(schema?.required, ["agent", "task"]);
  });

  it("list the agents that can be run, one JSON object a line", async () => {
    const lines = (await invoke(LanguageModelTools.list, { query: "triage" })).split("\n");
    const [first] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(first?.["agent"], "src/support/ticketTriageAgent.ts#TicketTriageAgent");
    assert.match(String(first["task"]), /^\w+\(\w+: /);
    const all = await invoke(LanguageModelTools.list, {});
    assert.ok(all.includes("#InvoiceAgent") && all.includes('"args":"(taxRate: number'), all);
    assert.ok(!all.includes("#ToolAgent"), "an abstract class cannot be run");
    assert.match(
      await invoke(LanguageModelTools.list, { query: "xyz" }),
      /^None of the \d+ agents matches "xyz"\.$/,
    );
  });

  it("run an agent and answer with its result", async () => {
    const agent = "src/support/ticketTriageAgent.ts#TicketTriageAgent";
    const answer = await run({ agent, task: { subject: "Refund for order 1043", body: "urgent" } });
    assert.match(answer, /^TicketTriageAgent finished in [\d.]+ m?s\.\n\{/);
    assert.ok(answer.includes('"queue": "billing"'), answer);
    const records = readdirSync(file(".proj-intel/runs").fsPath).filter((name) => name.endsWith(".jsonl"));
    assert.equal(records.length, 1);
  });

  it("tell why an agent failed", async () => {
    const agent = "src/operations/certificateAgent.ts#CertificateAgent";
    assert.match(
      await run({ agent, task: { host: "shop.example" } }),
      /^CertificateAgent failed after 3 attempts: Cannot renew the certificate of shop\.example.*\nThe error is named AgentError\.$/,
    );
  });

  it("ask for consent, with the agent and the task named", async () => {
    const { index, runner } = await api();
    const log = vscode.window.createOutputChannel("test", { log: true });
    const tool = new RunAgentTool({ index, runner, log });
    const agent = "src/billing/invoiceAgent.ts#InvoiceAgent";
    const input = { agent, task: { order: "```" }, args: [0.19] };
    const { confirmationMessages } = await tool.prepareInvocation({ input });
    assert.equal(confirmationMessages.title, "Run InvoiceAgent?");
    const lines = [
      "InvoiceAgent \\(src/billing/invoiceAgent.ts\\) runs on this machine with the task",
      ...["```json", "{", '  "order": "```"', "}", "```"],
      "and the constructor's arguments",
      ...["```json", "[0.19]", "```", ""],
    ];
    assert.equal(confirmationMessages.message.value.replaceAll("&nbsp;", " "), lines.join("\n"));
    await assert.rejects(
      tool.prepareInvocation({ input: { task: 1 } }),
      /^Error: The input does not fit the tool:.*\n.*agent/,
    );
    log.dispose();
  });

  it("refuse what names no agent", async () => {
    await assert.rejects(run({ agent: "nothing", task: 1 }), /"nothing" does not name an agent class/);
    await assert.rejects(
      run({ agent: "src/core/agentError.ts#AgentError", task: 1 }),
      /names no agent of this workspace: the tool opsvi_agents_list lists/,
    );
  });

  it("cancel the run with the request", async () => {
    const source = new vscode.CancellationTokenSource();
    const agent = "src/analytics/forecastAgent.ts#ForecastAgent";
    const running = run({ agent, task: { sales: [1], seconds: 600 } }, source.token);
    const record = () => {
      const folder = file(".proj-intel/runs").fsPath;
      const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
      const texts = names.map((name) => readFileSync(`${folder}/${name}`, "utf8"));
      return texts.find((text) => text.includes('"seconds":600'));
    };
    await eventually("the run is under way", () => record()?.includes('"type":"checkpoint"'));
    source.cancel();
    await assert.rejects(running);
    await eventually("the run was cancelled", () => record()?.includes('"status":"cancelled"'));
    source.dispose();
  });
});
