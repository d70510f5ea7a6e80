import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { fromText } from "../../runtime/checkpoint/record.ts";
import { CheckpointLine, checkpointVersion } from "../../runtime/checkpoint/schema.ts";
import { readText } from "../../runtime/files/readText.ts";

const headBytes = 4096;
const ending = /,"hash":"([0-9a-f]{64})"\}$/;
/** What is not written as this version does is read whole, up to this size. */
const mostMebibytesWhole = 8;
/** Windows has neither. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as { O_NOFOLLOW?: number; O_NONBLOCK?: number };

/** Opens a regular file, and never what a link leads to, a pipe or a device. */
export function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error("it is not a regular file");
}

/** What a checkpoint file tells without its content, read from its two ends: however large it is. Throws why it cannot. */
export function readEnds(folder: string, id: string): CheckpointLine {
  const path = join(folder, `${id}.json`);
  const file = openRegular(path);
  try {
    const bytes = fstatSync(file).size;
    const buffer = Buffer.alloc(Math.min(headBytes, bytes));
    readSync(file, buffer, 0, buffer.length, 0);
    const head = buffer.toString("utf8");
    const tail = Buffer.alloc(Math.min(128, bytes));
    readSync(file, tail, 0, tail.length, bytes - tail.length);
    const hash = ending.exec(tail.toString("latin1"))?.[1];
    const end = head.indexOf(',"context":');
    if (hash !== undefined && end > 0) {
      const line = lineOf(`${head.slice(0, end)},"hash":"${hash}","bytes":${bytes}}`);
      if (line?.id === id) return line;
    }
  } finally {
    closeSync(file);
  }
  const text = readText(path, mostMebibytesWhole);
  const whole = fromText(text);
  if (whole.id !== id) throw new Error("its name is not its id");
  return { ...whole, bytes: Buffer.byteLength(text) };
}

function lineOf(text: string): CheckpointLine | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const version = (json as { schemaVersion?: unknown }).schemaVersion;
  if (typeof version === "number" && version > checkpointVersion)
    throw new Error(
      `it has schema version ${version}, newer than this version of opsvi-agents reads; update it`,
    );
  const parsed = CheckpointLine.safeParse(json);
  return parsed.success ? parsed.data : null;
}
