import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { toLine, type AgentRecord } from "../model/agentRecord.ts";
import { writeAtomic } from "../runtime/files/atomicFile.ts";

const OurLine = z.object({
  item_type: z.string().startsWith("agent_"),
  file_path: z.string().regex(/\.(?:[mc]?[tj]s|[tj]sx|vue|svelte)$/i),
});

/**
 * Writes `.proj-intel/agent_architecture.jsonl` and answers with its path. Lines of TypeScript and JavaScript are
 * replaced; all others stay byte for byte, in their order, before ours.
 */
export async function writeIndex(root: string, records: readonly AgentRecord[]): Promise<string> {
  const folder = join(root, ".proj-intel");
  const path = join(folder, "agent_architecture.jsonl");
  await mkdir(folder, { recursive: true });
  const kept = foreignLines(await readExisting(path));
  const ours = records.map((record) => JSON.stringify(toLine(record)) + "\n").join("");
  writeAtomic(path, Buffer.concat([...kept, Buffer.from(ours)]));
  return path;
}

async function readExisting(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/** Bytes, not text: a foreign line need not be valid UTF-8. */
function foreignLines(existing: Buffer): Buffer[] {
  const kept: Buffer[] = [];
  for (let start = 0; start < existing.length;) {
    const newline = existing.indexOf(10, start);
    const end = newline < 0 ? existing.length : newline + 1;
    const line = existing.subarray(start, end);
    if (!isOurs(line.toString("utf8"))) kept.push(line, ...(newline < 0 ? [Buffer.from("\n")] : []));
    start = end;
  }
  return kept;
}

function isOurs(line: string): boolean {
  try {
    return OurLine.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
