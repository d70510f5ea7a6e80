import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { WorkspaceIndex } from "../../../src/indexer/workspaceIndex.ts";
import type { AgentRecord } from "../../../src/model/agentRecord.ts";
import type { IndexSnapshot } from "../../../src/model/indexerProtocol.ts";
import { noSettings, type IndexSettings } from "../../../src/model/indexSettings.ts";

export type Files = Record<string, string | Buffer>;

export const never = new AbortController().signal;

export function emptyFolder(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "opsvi-indexer-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

export function writeFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A folder with these files; it is gone after the test. */
export function project(files: Files): string {
  const root = emptyFolder();
  writeFiles(root, files);
  return root;
}

export const indexFolder = (root: string): Promise<IndexSnapshot> =>
  new WorkspaceIndex(root, () => undefined).snapshot(never);

/** With settings, those that are not given being empty. */
export async function indexWith(settings: Partial<IndexSettings>, files: Files): Promise<IndexSnapshot> {
  const index = new WorkspaceIndex(project(files), () => undefined);
  index.configure({ ...noSettings, ...settings });
  return index.snapshot(never);
}

export const indexFiles = (files: Files): Promise<IndexSnapshot> => indexFolder(project(files));

/** Agents first, then what was rejected. */
export const everything = ({ agents, rejected }: IndexSnapshot): AgentRecord[] => [...agents, ...rejected];

export function named(index: IndexSnapshot, name: string): AgentRecord {
  const found = everything(index).find((record) => record.name === name);
  if (found === undefined) {
    const known = everything(index).map((record) => record.name);
    throw new Error(`No class ${name} in the index; there are ${known.join(", ") || "none"}.`);
  }
  return found;
}

/** "BaseAgent (src/base.ts) < EventEmitter [node:events]" */
export const chainOf = (record: AgentRecord): string =>
  record.base_chain
    .map(({ name, file_path, module }) => {
      const place = file_path !== null ? ` (${file_path})` : module !== null ? ` [${module}]` : "";
      return name + place;
    })
    .join(" < ");
