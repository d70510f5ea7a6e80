import { stat } from "node:fs/promises";

/** Files by their paths, each with what tells whether it has changed since. */
export type FileStamps = ReadonlyMap<string, string>;

export async function stampsOf(files: readonly string[]): Promise<FileStamps> {
  const stamps = new Map<string, string>();
  for (const file of files) stamps.set(file, await stampOf(file));
  return stamps;
}

/** Whether none of the files has changed. */
export async function isCurrent(stamps: FileStamps): Promise<boolean> {
  for (const [file, stamp] of stamps) if ((await stampOf(file)) !== stamp) return false;
  return true;
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found === null ? "" : stampIn(found);
}

export const stampIn = ({ mtimeMs, size }: { mtimeMs: number; size: number }): string => `${mtimeMs} ${size}`;
