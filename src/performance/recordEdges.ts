import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { measuredLine, type MeasuredLine } from "./measure.ts";

/** What was asked for stands in the first part of a record, what came of it in the last. */
const EDGE_BYTES = 16 * 1024;
/** Room for a task, a log and a result within their usual limits; what is larger is no record. */
const LARGEST_BYTES = 64 * 1024 * 1024;
/** Neither waits for whoever writes to a pipe, nor follows a link out of the folder; Windows has neither. */
const FLAGS = constants.O_RDONLY | flag(constants.O_NONBLOCK) | flag(constants.O_NOFOLLOW);

function flag(value: number | undefined): number {
  return value ?? 0;
}

export interface RecordEdges {
  lines: MeasuredLine[];
  /** Tells whether the file has changed since. */
  stamp: string;
}

/**
 * The lines of a record that figures are made of, read synchronously: that is by far the fastest for many small files, and
 * so is meant for a thread or process in which nobody waits. Null where the file is none, or cannot be read.
 * @param known the answer of an earlier call, given back where the file is as it was
 */
export function recordEdges(path: string, known: RecordEdges | null): RecordEdges | null {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch {
    return null;
  }
  try {
    const { size, mtimeMs, isFile } = statOf(file);
    if (!isFile || size > LARGEST_BYTES) return null;
    const stamp = `${mtimeMs} ${size}`;
    return stamp === known?.stamp ? known : { lines: linesIn(file, size), stamp };
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

function statOf(file: number): { size: number; mtimeMs: number; isFile: boolean } {
  const found = fstatSync(file);
  return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}

function linesIn(file: number, size: number): MeasuredLine[] {
  if (size <= 2 * EDGE_BYTES) return parsed(part(file, 0, size));
  const edges = parsed(part(file, 0, EDGE_BYTES), part(file, size - EDGE_BYTES, EDGE_BYTES));
  const isWhole = edges[0]?.type === "queued" && edges.at(-1)?.type === "finished";
  // Its task or its result is long.
  return isWhole ? edges : parsed(part(file, 0, size));
}

const parsed = (...parts: string[]): MeasuredLine[] =>
  parts
    .flatMap((text) => text.split("\n"))
    .flatMap((line) => (isMeasured(line) ? (measuredLine(line) ?? []) : []));

/** Most lines of a long record are its log: to parse them all would take the longest. */
const isMeasured = (line: string): boolean => /^\{"type":"(queued|started|finished)"/.test(line);

function part(file: number, position: number, length: number): string {
  const buffer = Buffer.allocUnsafe(length);
  const read = readSync(file, buffer, 0, length, position);
  return buffer.toString("utf8", 0, read);
}
