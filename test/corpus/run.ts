import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { IndexerClient } from "../../src/indexer/client.ts";
import type { AgentRecord } from "../../src/model/agentRecord.ts";
import { capabilityHead, capabilityRow } from "./capabilities.ts";
import { compare, type Comparison } from "./compare.ts";
import { readTruth } from "./truth.ts";

const [checkouts, answers, ...flags] = process.argv.slice(2);
if (checkouts === undefined || answers === undefined) {
  console.error(
    "Usage: node test/corpus/run.ts CHECKOUTS ANSWERS [--verbose] [--capabilities]: a folder of checkouts, a folder of NAME.json answers.",
  );
  process.exit(2);
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? "  –  " : `${((100 * part) / whole).toFixed(1).padStart(5)}%`;

const sum = (all: readonly Comparison[], pick: (one: Comparison) => number): number =>
  all.reduce((total, one) => total + pick(one), 0);

function print(name: string, all: readonly Comparison[], note: string): void {
  const right = sum(all, ({ agents }) => agents.right);
  console.log(
    [
      name.padEnd(14),
      `seen ${percent(
        sum(all, ({ seen }) => seen),
        sum(all, ({ classes }) => classes),
      )}`,
      `precision ${percent(
        right,
        sum(all, ({ agents }) => agents.told),
      )}`,
      `recall ${percent(
        right,
        sum(all, ({ agents }) => agents.wanted),
      )}`,
      `heritage ${percent(
        sum(all, ({ links }) => links.right),
        sum(all, ({ links }) => links.wanted),
      )}`,
      `methods ${percent(
        sum(all, ({ methods }) => methods.right),
        sum(all, ({ methods }) => methods.wanted),
      )}`,
      `orchestrates ${percent(
        sum(all, ({ orchestrates }) => orchestrates.right),
        sum(all, ({ orchestrates }) => orchestrates.wanted),
      )}`,
      note,
    ].join("  "),
  );
}

const all: Comparison[] = [];
for (const file of readdirSync(answers)
  .filter((entry) => entry.endsWith(".json"))
  .sort()) {
  const name = basename(file, ".json");
  const root = resolve(checkouts, name);
  if (!existsSync(root)) {
    console.log(`${name.padEnd(14)}  no checkout`);
    continue;
  }
  const client = new IndexerClient(join(import.meta.dirname, "../../src/indexer/worker.ts"));
  try {
    const index = await client.index(root);
    const result = compare(readTruth(join(answers, file)), index);
    all.push(result);
    print(name, [result], `${index.files} files in ${index.durationMs.toFixed(0)} ms`);
    for (const [kind, classes] of result.misses) console.log(`  ${kind}: ${classes.join(", ")}`);
    for (const { name: own, file_path, role, evidence } of result.outside) {
      console.log(`  outside the answers: ${own} (${file_path}) ${role}: ${evidence.join("; ")}`);
    }
    if (flags.includes("--verbose")) {
      for (const { role, name: own, confidence, evidence, capabilities } of [
        ...index.agents,
        ...index.rejected,
      ]) {
        console.log(
          `  ${role} ${own} ${confidence}: ${evidence.join("; ")} [${capabilities.map((c) => c.name).join(" ")}]`,
        );
      }
    }
    for (const note of index.notes) console.log(`  note: ${note}`);
  } finally {
    await client.dispose();
  }
}
print("all", all, "");

/** Of every checkout, also those without answers. */
async function printCapabilities(folder: string): Promise<void> {
  const everything: AgentRecord[] = [];
  console.log(`\n${capabilityHead}`);
  for (const name of readdirSync(folder).sort()) {
    if (!statSync(join(folder, name)).isDirectory()) continue;
    const client = new IndexerClient(join(import.meta.dirname, "../../src/indexer/worker.ts"));
    try {
      const { agents } = await client.index(resolve(folder, name));
      everything.push(...agents);
      console.log(capabilityRow(name, agents));
    } finally {
      await client.dispose();
    }
  }
  console.log(capabilityRow("all", everything));
}

if (flags.includes("--capabilities")) await printCapabilities(checkouts);
