import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, realpath, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../model/userError.ts";

/** A file to be written or, where `after` is null, removed; `before` is null where it must not exist yet. */
export interface FileStep {
  path: string;
  before: string | null;
  after: string | null;
}

interface Prepared extends FileStep {
  /** With symbolic links resolved: a rename would replace the link. */
  target: string;
  mode: number | null;
  temporary: string | null;
  newFolder: string | null;
}

/**
 * Carries out all steps or none. Each file is replaced in one rename and keeps its mode.
 * @returns a function that takes everything back
 * @throws UserError where a file is not what `before` says; nothing is changed then
 */
export async function carryOut(steps: readonly FileStep[]): Promise<() => Promise<void>> {
  const prepared: Prepared[] = [];
  const done: Prepared[] = [];
  const revert = async () => {
    for (const step of done.toReversed()) await takeBack(step);
    done.length = 0;
  };
  try {
    for (const step of steps) prepared.push(await check(step));
    for (const step of prepared) await prepare(step);
    for (const step of prepared) {
      done.push(step);
      if (step.temporary !== null) await rename(step.temporary, step.target);
      else await rm(step.target, { force: true });
    }
    return revert;
  } catch (error) {
    await revert();
    throw error;
  } finally {
    for (const { temporary } of prepared) if (temporary !== null) await rm(temporary, { force: true });
  }
}

async function check(step: FileStep): Promise<Prepared> {
  const { path, before } = step;
  const bytes = await bytesOf(path);
  const base = { ...step, mode: null, temporary: null, newFolder: null };
  if (before === null) {
    if (bytes !== null) throw new UserError(`${path} exists already: move it away, then try again.`);
    return { ...base, target: path };
  }
  if (bytes === null) throw new UserError(`${path} was removed in the meantime: try again.`);
  if (!bytes.equals(Buffer.from(before))) {
    throw new UserError(
      bytes.toString("utf8") === before
        ? `${path} is not encoded as UTF-8: convert it first.`
        : `${path} changed in the meantime: try again.`,
    );
  }
  const target = await realpath(path);
  return { ...base, target, mode: (await stat(target)).mode & 0o7777 };
}

async function prepare(step: Prepared): Promise<void> {
  if (step.after === null) return;
  const folder = dirname(step.target);
  step.newFolder = (await mkdir(folder, { recursive: true })) ?? null;
  const temporary = join(folder, `.${basename(step.target)}.${randomUUID().slice(0, 8)}.tmp`);
  step.temporary = temporary;
  await write(temporary, step.after, step.mode);
}

async function write(path: string, text: string, mode: number | null): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  if (mode !== null) await chmod(path, mode);
}

async function takeBack({ target, before, mode, newFolder }: Prepared): Promise<void> {
  if (before === null) {
    await rm(target, { force: true });
    if (newFolder !== null) await removeEmptyFolder(dirname(target));
    return;
  }
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);
  await write(temporary, before, mode);
  await rename(temporary, target);
}

/** Replaces a file of ours in one rename. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);
  await write(temporary, text, mode);
  await rename(temporary, path);
}

/** Removes a folder if nothing is in it. */
export async function removeEmptyFolder(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOENT") throw error;
  }
}

/** The text of a file, null where there is none. */
export async function textOf(path: string): Promise<string | null> {
  return (await bytesOf(path))?.toString("utf8") ?? null;
}

async function bytesOf(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
