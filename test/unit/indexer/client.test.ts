import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { IndexerClient } from "../../../src/indexer/client.ts";
import { noSettings } from "../../../src/model/indexSettings.ts";
import { defaultPlanOptions } from "../../../src/model/migrationPlan.ts";
import { UserError } from "../../../src/model/userError.ts";
import { emptyFolder, project, writeFiles, type Files } from "./project.ts";

const workerFile = join(import.meta.dirname, "../../../src/indexer/worker.ts");
const agent = "export class TaxAgent { run(task: string) {} }";

function client(file = workerFile): IndexerClient {
  const opened = new IndexerClient(file);
  onTestFinished(() => opened.dispose());
  return opened;
}

/** Enough to be busy for a while. */
const many = (count: number): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `src/${at % 40}/a${at}.ts`,
      `${agent}\n`.repeat(10).replaceAll("Tax", `T${at}`),
    ]),
  );

describe("the indexer's client", { timeout: 30_000 }, () => {
  it("indexes, updates, writes, and plans through the thread", async () => {
    const root = project({ "a.ts": agent });
    const indexer = client();
    expect((await indexer.index(root)).agents.map(({ name }) => name)).toEqual(["TaxAgent"]);
    const text = agent.replace("Tax", "Due");
    const updated = await indexer.update(root, [{ path: join(root, "a.ts"), text }]);
    expect(updated.agents.map(({ name }) => name)).toEqual(["DueAgent"]);
    const path = await indexer.write(root);
    expect(readFileSync(path, "utf8")).toContain('"name":"DueAgent"');
    const plan = await indexer.planMigration(
      root,
      { file: join(root, "a.ts"), name: "Missing" },
      defaultPlanOptions,
    );
    expect(plan).toMatchObject({ status: "refused" });
  });

  it("answers again from memory", async () => {
    const root = project(many(200));
    const indexer = client();
    const first = await indexer.index(root);
    const start = performance.now();
    expect((await indexer.index(root)).agents).toEqual(first.agents);
    expect(performance.now() - start).toBeLessThan(first.durationMs);
  });

  it("passes a user's mistake on as such", async () => {
    const indexer = client();
    const missing = indexer.index(join(emptyFolder(), "missing"));
    await expect(missing).rejects.toBeInstanceOf(UserError);
    await expect(missing).rejects.toThrow(/^There is no folder/);
  });

  it("reports progress that grows, and not too often", async () => {
    const root = project(many(1_500));
    const seen: number[] = [];
    const found: number[] = [];
    const { durationMs } = await client().index(root, {
      onProgress: (done, total) => (total === 0 ? found : seen).push(done),
    });
    expect(found.length + seen.length).toBeLessThanOrEqual(durationMs / 100 + 1);
    for (const told of [found, seen]) expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it("stops at once when cancelled, and can start over", async () => {
    const root = project(many(1_500));
    const indexer = client();
    const controller = new AbortController();
    const started = indexer.index(root, { signal: controller.signal });
    setTimeout(() => controller.abort(), 150);
    await expect(started).rejects.toMatchObject({ name: "AbortError" });
    expect((await indexer.index(root)).files).toBe(1_500);
  });

  it("stops an update when cancelled, and takes it in when asked again", async () => {
    const files = many(1_500);
    const root = project(files);
    const indexer = client();
    await indexer.index(root);
    const updates = Object.entries(files).map(([path, text]) => ({
      path: join(root, path),
      text: text.toString().replaceAll(/T(\d+)Agent/g, "Due$1Agent"),
    }));
    const update = indexer.update(root, updates, () => indexer.cancel(root));
    await expect(update).rejects.toMatchObject({ name: "AbortError" });
    const { agents, files: read } = await indexer.index(root);
    expect([agents.filter(({ name }) => name.startsWith("T")), read]).toEqual([[], 1_500]);
  });

  it("works on while another caller still waits", async () => {
    const root = project(many(300));
    const indexer = client();
    const controller = new AbortController();
    const impatient = indexer.index(root, { signal: controller.signal });
    const patient = indexer.index(root);
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ name: "AbortError" });
    expect((await patient).files).toBe(300);
  });

  it("rejects at once with a signal that is aborted already", async () => {
    await expect(client().index(emptyFolder(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });

  it("rejects pending calls when the thread dies, and starts a new one that knows unsaved texts", async () => {
    const root = project({ "a.ts": agent });
    const folder = project({
      "dying.mjs": `import { existsSync, writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
const mark = new URL("./died", import.meta.url);
if (existsSync(mark)) await import(${JSON.stringify(`file://${workerFile}`)});
else parentPort.on("message", ({ m }) => { if (m === "index") { writeFileSync(mark, ""); throw new Error("out of luck"); } });
`,
      "package.json": "{}",
    });
    const indexer = client(join(folder, "dying.mjs"));
    const lost = indexer.update(root, [{ path: join(root, "b.ts"), text: agent.replace("Tax", "Due") }]);
    const pending = indexer.index(root);
    await expect(pending).rejects.toThrow("The indexer stopped (out of luck). Try again: it starts anew.");
    await expect(lost).rejects.toBeInstanceOf(UserError);
    expect(existsSync(join(folder, "died"))).toBe(true);
    expect((await indexer.index(root)).agents.map(({ name }) => name)).toEqual(["TaxAgent", "DueAgent"]);
  });

  it("tells a thread that starts anew the settings of a folder", async () => {
    const root = project({ "a.ts": agent.replace("TaxAgent", "Clerk") });
    const folder = project({
      "dying.mjs": `import { existsSync, writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
const mark = new URL("./died", import.meta.url);
if (existsSync(mark)) await import(${JSON.stringify(`file://${workerFile}`)});
else parentPort.on("message", () => { writeFileSync(mark, ""); throw new Error("out of luck"); });
`,
      "package.json": "{}",
    });
    const indexer = client(join(folder, "dying.mjs"));
    const settings = { ...noSettings, agentNames: ["Clerk"] };
    await expect(indexer.configure(root, settings)).rejects.toThrow("out of luck");
    expect((await indexer.index(root)).agents.map(({ name }) => name)).toEqual(["Clerk"]);
    await indexer.configure(root, noSettings);
    expect((await indexer.index(root)).agents).toEqual([]);
    await indexer.configure(root, settings);
    await indexer.close(root);
    expect((await indexer.index(root)).agents).toEqual([]);
  });

  it("rejects with one sentence when its file is missing", async () => {
    const indexer = client(join(emptyFolder(), "nowhere.cjs"));
    await expect(indexer.index(emptyFolder())).rejects.toThrow(/^The indexer stopped \(.*nowhere\.cjs.*\)/);
  });

  it("rejects pending and later calls once disposed", async () => {
    const root = project(many(300));
    const indexer = client();
    const pending = expect(indexer.index(root)).rejects.toThrow("The indexer was closed.");
    await indexer.dispose();
    await pending;
    await expect(indexer.index(root)).rejects.toThrow("The indexer was closed.");
    await expect(indexer.update(root, [])).rejects.toThrow("The indexer was closed.");
  });

  it("forgets a closed folder", async () => {
    const root = project({ "a.ts": agent });
    const indexer = client();
    await indexer.index(root);
    writeFiles(root, { "b.ts": agent });
    expect((await indexer.index(root)).files).toBe(1);
    await indexer.close(root);
    expect((await indexer.index(root)).files).toBe(2);
  });
});
