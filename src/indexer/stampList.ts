import { join } from "node:path";
import { proves, stampOf, type Stamp } from "./stamp.ts";

/** Paths with what the file system told of each: small and quick to read back. */
export interface StampList {
  /** No path holds the zero byte between them. */
  paths: string;
  /** Six numbers a path: its stamp, and when that was taken; NaN where there is none. */
  stamps: Float64Array;
}

export interface Stamped {
  path: string;
  stamp: Stamp | null;
  takenAt: number;
}

const NUMBERS = 6;
/** The kind of what is not there. */
const GONE = -1;

export function toStampList(entries: readonly Stamped[]): StampList {
  const stamps = new Float64Array(entries.length * NUMBERS);
  for (const [at, { stamp, takenAt }] of entries.entries()) {
    stamps.set([...(stamp ?? [GONE, 0, 0, 0, 0]), takenAt], at * NUMBERS);
  }
  return { paths: entries.map(({ path }) => path).join("\0"), stamps };
}

/** As they are now, but taken for as old as the time given: what changed since then proves nothing. */
export const stampedNow = (root: string, paths: readonly string[], takenAt: number): StampList =>
  toStampList(paths.map((path) => ({ path, takenAt, stamp: stampOf(join(root, path)) })));

/** One path may be empty: that of the root. */
export const pathsOf = ({ paths, stamps }: StampList): string[] =>
  stamps.length === 0 ? [] : paths.split("\0");

export function stampAt({ stamps }: StampList, at: number): Stamped["stamp"] {
  const [kind = GONE, size = 0, modified = 0, changed = 0, inode = 0] = stamps.subarray(at * NUMBERS);
  return kind === GONE ? null : [kind, size, modified, changed, inode];
}

export const takenAt = ({ stamps }: StampList, at: number): number => stamps[at * NUMBERS + NUMBERS - 1] ?? 0;

/** What is at this place of the list is as it was. */
export const isAsBefore = (root: string, list: StampList, path: string, at: number): boolean =>
  proves(stampAt(list, at), takenAt(list, at), stampOf(join(root, path)));

export const areAsBefore = (root: string, list: StampList): boolean =>
  pathsOf(list).every((path, at) => isAsBefore(root, list, path, at));
