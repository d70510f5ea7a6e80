import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserError } from "../model/userError.ts";

/** A file to be written or, where `after` is null, removed; `before` is null where it must not exist yet. */
export interface FileStep {
  path: string;
  before: string | null;
  after: string | null;
}

/** Some files could not be put back: the note of what was written has to stay. */
export class NotTakenBack extends UserError {}

interface Prepared extends FileStep {
  /** With symbolic links resolved: a rename would replace the link. */
  target: string;
  mode: number | null;
  temporary: string | null;
  /** The uppermost that is made for it. */
  newFolder: string | null;
}

/**
 * Carries out all steps or none. Each file is replaced in one rename and keeps its mode.
 * @returns a function that takes everything back; it leaves alone what was edited since, and throws NotTakenBack then
 * @throws UserError where a file is not what `before` says; nothing is changed then
 * @throws NotTakenBack where a step failed and an earlier one could not be taken back
 */
export async function carryOut(steps: readonly FileStep[]): Promise<() => Promise<void>> {
  const prepared: Prepared[] = [];
  const revert = async () => {
    const left: string[] = [];
    for (const step of prepared.toReversed()) {
      const why = await takeBack(step).catch((error: unknown) => String(error));
      if (why !== null) left.push(`${step.path} (${why})`);
    }
    if (left.length > 0) throw new NotTakenBack(`Not everything could be taken back: ${left.join(", ")}.`);
  };
  try {
    for (const step of steps) prepared.push(await check(step));
    for (const step of prepared) await prepare(step);
    for (const step of prepared) {
      if (step.temporary !== null) await rename(step.temporary, step.target);
      else await rm(step.target, { force: true });
    }
    return revert;
  } catch (error) {
    for (const { temporary } of prepared) if (temporary !== null) await rm(temporary, { force: true });
    await revert();
    throw error;
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
  const mode = (await stat(target)).mode & 0o7777;
  // A rename would replace it all the same.
  if ((mode & 0o222) === 0) throw new UserError(`${path} is read-only: make it writable, then try again.`);
  return { ...base, target, mode };
}

async function prepare(step: Prepared): Promise<void> {
  if (step.after === null) return;
  const folder = dirname(step.target);
  step.newFolder = (await mkdir(folder, { recursive: true })) ?? null;
  const temporary = temporaryFor(step.target);
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

/** Answers with the reason where a file is left as it is. */
async function takeBack({ target, before, after, mode, newFolder }: Prepared): Promise<string | null> {
  const now = await textOf(target);
  if (now !== before && now !== after) return "it was edited meanwhile";
  if (before === null) await rm(target, { force: true });
  else if (now !== before) await replaceFile(target, before, mode);
  if (newFolder !== null) await removeEmptyFolders(dirname(target), newFolder);
  return null;
}

/** A folder and those above it, up to the uppermost, as far as nothing is in them. */
async function removeEmptyFolders(folder: string, uppermost: string): Promise<void> {
  await removeEmptyFolder(folder);
  if (folder !== uppermost && folder !== dirname(folder))
    await removeEmptyFolders(dirname(folder), uppermost);
}

/** Replaces a file in one rename. */
export async function replaceFile(path: string, text: string, mode: number | null): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await clearLeftovers(path);
  const temporary = temporaryFor(path);
  await write(temporary, text, mode);
  await rename(temporary, path);
}

const temporaryFor = (target: string): string =>
  join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);

/** Removes what a process that was killed was about to put in place of a file. Under the migration lock nobody else is. */
export async function clearLeftovers(path: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const begin = `.${basename(target)}.`;
  for (const name of await readdir(dirname(target)).catch(() => []))
    if (name.startsWith(begin) && /^[0-9a-f]{8}\.tmp$/.test(name.slice(begin.length)))
      await rm(join(dirname(target), name), { force: true });
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
