import { createHash } from "node:crypto";
import { closeSync, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import type { CheckpointDetail } from "../../model/checkpoints.ts";
import { mebibytes } from "../../model/runLimits.ts";
import { fromText, toCheckpoint } from "../../runtime/checkpoint/record.ts";
import { Checkpoint } from "../../runtime/checkpoint/schema.ts";
import { readText } from "../../runtime/files/readText.ts";
import { openRegular } from "../listing/endsOfFile.ts";
import type { Entry } from "../listing/entry.ts";
import { walk } from "./walk.ts";

/** Larger contents are not shown, and not compared. */
const mostShownBytes = 8 * 2 ** 20;
const mostShownValues = 200_000;
const deepestShown = 1_000;
const ending = /,"hash":"([0-9a-f]{64})"\}$/;
const endingLength = ',"hash":""}'.length + 64;

export interface Inspected {
  hash: CheckpointDetail["hash"];
  /** As stored; null where it is too large or no JSON. */
  file: Checkpoint | null;
  /** Why the content is not told. */
  withheld: string | null;
}

export const fileOf = ({ home, id }: Entry): string => join(home.path, `${id}.json`);

/** Reads a checkpoint and checks it, whatever its file has. */
export function inspect(entry: Entry): Inspected {
  const path = fileOf(entry);
  try {
    const large = hashOfLarge(path);
    if (large !== null) return large;
    const text = readText(path, mostShownBytes / 2 ** 20);
    return inspectText(text, entry.id);
  } catch (error) {
    return unreadable(error);
  }
}

function inspectText(text: string, id: string): Inspected {
  let hash: CheckpointDetail["hash"] = { state: "verified", reason: null };
  try {
    const file = fromText(text);
    if (file.id !== id) throw new Error("its name is not its id");
    toCheckpoint(file);
  } catch (error) {
    const reason = (error as Error).message;
    hash = { state: reason.includes("does not match its hash") ? "mismatch" : "unreadable", reason };
  }
  const file = leniently(text);
  if (file === null) return { hash, file, withheld: "It is no checkpoint that can be shown." };
  const size = walk({ context: file.context, task: file.task }, () => undefined, {
    most: mostShownValues,
    deepest: deepestShown,
  });
  const withheld =
    size === "whole"
      ? null
      : size === "many"
        ? `It has more than ${mostShownValues.toLocaleString("en")} values: open its file to see them.`
        : `Its values are nested more than ${deepestShown} deep: open its file to see them.`;
  return { hash, file: withheld === null ? file : { ...file, context: null, task: null }, withheld };
}

/** What is there is shown, also where the hash is not that of it. */
function leniently(text: string): Checkpoint | null {
  try {
    const parsed = Checkpoint.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Null where it is small enough to be shown. Reads in pieces. */
function hashOfLarge(path: string): Inspected | null {
  const file = openRegular(path);
  try {
    const { size } = fstatSync(file);
    if (size <= mostShownBytes) return null;
    const withheld = `It has ${mebibytes(Math.round(size / 2 ** 20))}: open its file to see what is in it.`;
    const tail = Buffer.alloc(endingLength);
    readSync(file, tail, 0, tail.length, size - tail.length);
    const told = ending.exec(tail.toString("latin1"))?.[1];
    if (told === undefined)
      return {
        hash: { state: "unreadable", reason: "it is not complete, or not written by opsvi-agents" },
        file: null,
        withheld,
      };
    const digest = createHash("sha256");
    const buffer = Buffer.allocUnsafe(2 ** 20);
    for (let at = 0; at < size - endingLength;) {
      const read = readSync(file, buffer, 0, Math.min(buffer.length, size - endingLength - at), at);
      if (read === 0) break;
      digest.update(buffer.subarray(0, read));
      at += read;
    }
    const isSame = digest.update("}").digest("hex") === told;
    return {
      hash: isSame
        ? { state: "verified", reason: null }
        : { state: "mismatch", reason: "its content does not match its hash" },
      file: null,
      withheld,
    };
  } finally {
    closeSync(file);
  }
}

function unreadable(error: unknown): Inspected {
  const reason = error instanceof Error ? error.message : String(error);
  return { hash: { state: "unreadable", reason }, file: null, withheld: "Its file cannot be read." };
}
