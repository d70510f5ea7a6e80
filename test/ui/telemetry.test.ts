import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attributesOf, startCollector, type SpanCollector } from "../spanCollector.ts";
import { useVSCode } from "./fixture.ts";
import { runRows } from "./runRows.ts";
import { setUserSettings } from "./userSettings.ts";

const AGENTS = `export class LampAgent {
  execute(task) {
    return { lit: task.room, apiKey: "sk-4711081547110815" };
  }
}

export class DarkAgent {
  execute(task) {
    throw new RangeError("no lamp in " + task.room);
  }
}
`;
const ENDPOINT = "opsviAgents.telemetry.endpoint";
const step = (id: string, name: string) => ({
  ...{ id, agent: `src/agents.mjs#${name}`, task: { room: "attic" }, continueOnFailure: true },
});
/** Other editors open as they always did. */
const usual = { "workbench.editor.useModal": "off" };
const slow = { timeout: 60_000, interval: 200 };

let mine: SpanCollector;
let other: SpanCollector;
beforeAll(async () => {
  [mine, other] = await Promise.all([startCollector(), startCollector()]);
});
afterAll(() => {
  mine.close();
  other.close();
});

const vscode = useVSCode("telemetry", {
  userSettings: usual,
  files: {
    "package.json": '{ "name": "shop", "private": true, "type": "module" }',
    "src/agents.mjs": AGENTS,
    "rooms.agents.json": JSON.stringify({ steps: [step("lit", "LampAgent"), step("dark", "DarkAgent")] }),
    "rooms.jsonl": ["hall", "attic", "cellar"].map((room) => `{"task":{"room":"${room}"}}\n`).join(""),
  },
  prepare: async (workspace) => {
    const settings = { [ENDPOINT]: other.url, "opsviAgents.telemetry.content": true };
    const all = { ...settings, "opsviAgents.run.retries": 0 };
    await workspace.write(".vscode/settings.json", JSON.stringify(all));
    return workspace.folder;
  },
});

const set = (settings: Record<string, unknown>) =>
  setUserSettings(vscode.workbench, { ...usual, "security.workspace.trust.enabled": false, ...settings });

/** Runs an agent and waits until it has ended. */
async function run(name: string, room: string): Promise<void> {
  const { workbench } = vscode;
  const before = (await runRows(vscode)).length;
  await workbench.run("Agents: Run Task…");
  await workbench.quickInput.pick(name);
  await workbench.quickInput.answer(`{ "room": "${room}" }`);
  await expect.poll(async () => (await runRows(vscode)).length, slow).toBe(before + 1);
  await expect.poll(async () => (await runRows(vscode))[0], slow).toContain("CLOCK");
}

const names = () => mine.spans().map(({ name }) => name);
const bodies = ({ requests }: SpanCollector) => requests.map(({ body }) => body).join("");

describe("The spans of runs", () => {
  it("go nowhere because a workspace says so", async () => {
    await run("LampAgent", "hall");
    // Longer than spans wait for others.
    await vscode.workbench.page.waitForTimeout(3_000);
    expect(other.requests).toEqual([]);
  });

  it("go to the endpoint that the user's settings name, from the next run on", async () => {
    await set({ [ENDPOINT]: mine.url });
    await run("LampAgent", "hall");
    await expect.poll(names, slow).toEqual(["invoke_agent LampAgent", "attempt 1"]);
    const [root] = mine.spans();
    expect(root && attributesOf(root)).toMatchObject({
      ...{ "opsvi.run.status": "success", "code.file.path": "src/agents.mjs" },
    });
    expect(mine.requests[0]?.url).toBe("/v1/traces");
    // Neither the task nor the result, though the workspace asks for them.
    expect(bodies(mine)).not.toContain("hall");
  });

  it("of a pipeline hang together, and those of a batch name it", async () => {
    const { workbench } = vscode;
    mine.requests.length = 0;
    await workbench.openFile("rooms.agents.json");
    await workbench.run("Agents: Run Pipeline…");
    await expect.poll(names, slow).toContain("invoke_workflow rooms");
    const pipeline = mine.spans();
    const root = pipeline.find(({ name }) => name === "invoke_workflow rooms");
    const steps = pipeline.filter(({ name }) => name.startsWith("invoke_agent"));
    expect(steps.map((span) => [span.name, attributesOf(span)["error.type"], span.parentSpanId])).toEqual([
      ["invoke_agent LampAgent", undefined, root?.spanId],
      ["invoke_agent DarkAgent", "RangeError", root?.spanId],
    ]);
    expect(new Set(pipeline.map(({ traceId }) => traceId)).size).toBe(1);
    await workbench.run("View: Close All Editors");
    mine.requests.length = 0;
    const agents = await workbench.agents();
    await agents.chooseFromMenu("LampAgent", "Run File of Tasks…");
    await workbench.quickInput.pick("rooms.jsonl");
    await workbench.quickInput.answer("2");
    const runs = () => mine.spans().filter(({ name }) => name === "invoke_agent LampAgent");
    await expect.poll(() => runs().length, slow).toBe(3);
    expect(new Set(runs().map((span) => attributesOf(span)["opsvi.batch.id"])).size).toBe(1);
    await workbench.notifications.clear();
  });

  it("tell tasks, results and messages of errors where the user wants it, and never a secret", async () => {
    mine.requests.length = 0;
    await set({ [ENDPOINT]: mine.url, "opsviAgents.telemetry.content": true });
    await run("LampAgent", "hall");
    await run("DarkAgent", "cellar");
    await expect.poll(names, slow).toContain("invoke_agent DarkAgent");
    const [lamp, dark] = mine.spans().filter(({ name }) => name.startsWith("invoke_"));
    expect(lamp && attributesOf(lamp)).toMatchObject({ "opsvi.run.task": '{"room":"hall"}' });
    expect(lamp && attributesOf(lamp)["opsvi.run.result"]).toContain('"lit":"hall"');
    expect(dark && attributesOf(dark)).toMatchObject({ "error.message": "no lamp in cellar" });
    expect(bodies(mine)).not.toContain("4711081547110815");
    await vscode.workbench.notifications.clear();
  });

  it("carry the headers that the user gave for their endpoint, and for no other", async () => {
    const { workbench } = vscode;
    const { quickInput } = workbench;
    mine.requests.length = 0;
    await workbench.run("Agents: Set Telemetry Headers…");
    await expect.poll(() => quickInput.title(), slow).toBe(`Headers for ${new URL(mine.url).host}`);
    await quickInput.type("swordfish");
    await expect.poll(() => quickInput.message(), slow).toContain("Headers are NAME=value");
    expect(await quickInput.input.getAttribute("type")).toBe("password");
    await quickInput.answer("x-key=sword%2Cfish, x-shop=lamps");
    await workbench.notifications.message("with x-key, x-shop.");
    await run("LampAgent", "hall");
    await expect.poll(() => mine.requests.length, slow).toBe(1);
    expect(mine.requests[0]?.headers).toMatchObject({ "x-key": "sword,fish", "x-shop": "lamps" });
    await set({ [ENDPOINT]: other.url });
    await run("LampAgent", "hall");
    await expect.poll(() => other.requests.length, slow).toBe(1);
    expect(other.requests[0]?.headers["x-key"]).toBeUndefined();
    expect(mine.requests).toHaveLength(1);
    await workbench.notifications.clear();
  });

  it("that cannot be sent are told of once, and disturb no run", async () => {
    const { workbench } = vscode;
    await set({ [ENDPOINT]: "http://127.0.0.1:9" });
    await run("LampAgent", "hall");
    expect(await workbench.notifications.message("Spans cannot be sent to 127.0.0.1:9")).toContain(
      "runs go on without",
    );
    await workbench.screenshots("telemetry-down");
    await run("LampAgent", "hall");
    await workbench.page.waitForTimeout(6_000);
    await workbench.run("Agents: Show Log");
    const told = async () => (await workbench.output()).filter((line) => /Spans.cannot.be.sent/.test(line));
    await expect.poll(async () => (await told()).length, slow).toBe(1);
    await workbench.notifications.clear();
    await set({ [ENDPOINT]: "nowhere" });
    await run("LampAgent", "hall");
    expect(await workbench.notifications.message(ENDPOINT)).toBe(
      `${ENDPOINT} takes the address of an endpoint, such as http://localhost:4318, and not nowhere.`,
    );
    await workbench.notifications.clear();
    await set({});
    await workbench.run("Agents: Set Telemetry Headers…");
    await workbench.notifications.message(`first name one in the setting ${ENDPOINT}`);
  });
});
