import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeIndex } from "../../../src/indexer/indexFile.ts";
import { AgentLine } from "../../../src/model/agentRecord.ts";
import { emptyFolder, indexFolder, project } from "./project.ts";

const foreign = [
  '{"type":"collector_item","item_type":"agent_class","file_path":"agents/tax.py","name":"TaxAgent","data":{"bases":[]},"valid":true}',
  '{ "odd":   "spacing", "item_type": "agent_class", "file_path": "b.py" }\r',
  "no json at all",
  "",
  '{"item_type":"other_thing","file_path":"src/a.ts"}',
];

describe("the index file", () => {
  it("holds one valid line a class, readable by its owner only", async () => {
    const root = project({
      "a.ts": "export class TaxAgent { run(task: string) {} }\nexport class DueAgent { run(t: string) {} }",
    });
    const path = await writeIndex(root, (await indexFolder(root)).agents);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => AgentLine.parse(JSON.parse(line)).name)).toEqual(["TaxAgent", "DueAgent"]);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(root, ".proj-intel"))).toEqual(["agent_architecture.jsonl"]);
  });

  it("keeps foreign lines byte for byte and replaces its own", async () => {
    const root = project({ "a.ts": "export class TaxAgent { run(task: string) {} }" });
    const { agents } = await indexFolder(root);
    const path = join(root, ".proj-intel/agent_architecture.jsonl");
    mkdirSync(join(root, ".proj-intel"));
    const stale = '{"item_type":"agent_class","file_path":"src/gone.tsx","name":"GoneAgent"}';
    const bytes = Buffer.concat([
      Buffer.from(`${foreign.slice(0, 2).join("\n")}\n${stale}\n`),
      Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]),
      Buffer.from(foreign.slice(2).join("\n")),
    ]);
    writeFileSync(path, bytes);
    await writeIndex(root, agents);
    const kept = Buffer.concat([
      Buffer.from(`${foreign.slice(0, 2).join("\n")}\n`),
      Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]),
      Buffer.from(`${foreign.slice(2).join("\n")}\n`),
    ]);
    const once = readFileSync(path);
    expect(once.subarray(0, kept.length)).toEqual(kept);
    expect(once.subarray(kept.length).toString().trimEnd().split("\n")).toHaveLength(1);
    await writeIndex(root, agents);
    expect(readFileSync(path)).toEqual(once);
  });

  it("loses its lines, and only those, when there are no agents any more", async () => {
    const root = emptyFolder();
    mkdirSync(join(root, ".proj-intel"));
    const path = join(root, ".proj-intel/agent_architecture.jsonl");
    writeFileSync(path, `${foreign[0] ?? ""}\n{"item_type":"agent_class","file_path":"a.js"}\n`);
    await writeIndex(root, []);
    expect(readFileSync(path, "utf8")).toBe(`${foreign[0] ?? ""}\n`);
  });
});
