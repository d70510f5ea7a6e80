import type { CachedBody, CachedHead } from "./cachedIndex.ts";
import type { IgnoreRules } from "./ignoreRules.ts";
import type { CachedIndex } from "./indexCache.ts";
import type { Pause } from "./pause.ts";
import type { OnProgress } from "./progress.ts";
import type { Readers } from "./readers.ts";
import type { Sources } from "./sources.ts";
import { areAsBefore, isAsBefore, pathsOf, stampAt, takenAt } from "./stampList.ts";
import { walk, type Found } from "./walk.ts";

/** What a cache and the file system together tell of a folder. */
export interface Restored {
  found: Found;
  /** Nothing has changed: the files, their texts, and how modules resolve. */
  same: boolean;
  /** Brings what is known into the sources and reads the rest. True: what was read has not changed either. */
  load: (
    sources: Sources,
    readers: Readers,
    pause: Pause,
    onDone: (done: number) => void,
  ) => Promise<boolean>;
}

/** A file found, and its place in the cache's list; none where it is new. */
interface Entry {
  path: string;
  at: number | undefined;
}

const isNew = ({ at }: Entry): boolean => at === undefined;

/** Compares a cache with the disk by what the file system tells of each file; no file is read. */
export async function compare(
  root: string,
  { head, body }: CachedIndex,
  rules: IgnoreRules,
  pause: Pause,
  progress: OnProgress,
): Promise<Restored> {
  const listed = await isListed(root, head, rules, pause);
  const found = listed
    ? listing(head)
    : await walk(root, "", rules, pause, ({ sources }) => progress(sources.length, 0));
  const places = new Map(listed ? [] : pathsOf(head.sources).map((path, at) => [path, at] as const));
  const kept: Entry[] = [];
  const changed: Entry[] = [];
  for (const [position, path] of found.sources.entries()) {
    const at = listed ? position : places.get(path);
    if (at !== undefined && isAsBefore(root, head.sources, path, at)) kept.push({ path, at });
    else changed.push({ path, at });
    progress(position + 1, found.sources.length);
    await pause.here();
  }
  const missing = !listed && found.sources.length - changed.filter(isNew).length < places.size;
  const sameButTexts =
    !missing && !changed.some(isNew) && sameNotes(found, head) && areAsBefore("", head.inputs);
  return {
    found,
    same: sameButTexts && changed.length === 0,
    load: async (sources, readers, ...rest) => {
      const known = body();
      if (known === null) {
        await readers.share(sources.reading(found.sources), ...rest);
        return false;
      }
      for (const entry of kept) keep(entry, head, known, sources);
      await readers.share(sources.reading(changed.map(({ path }) => path)), ...rest);
      const alike = changed.filter((entry) => keepParsed(entry, known, sources));
      return sameButTexts && alike.length === changed.length;
    },
  };
}

/** No folder has got or lost an entry, and the rules are those of then. */
async function isListed(root: string, head: CachedHead, rules: IgnoreRules, pause: Pause): Promise<boolean> {
  const wanted = new Set(pathsOf(head.rules));
  if (!rules.inputs.every((path) => wanted.has(path)) || !areAsBefore("", head.rules)) return false;
  for (const [at, folder] of pathsOf(head.folders).entries()) {
    if (!isAsBefore(root, head.folders, folder, at)) return false;
    await pause.here();
  }
  return true;
}

const listing = (head: CachedHead): Found => ({
  sources: pathsOf(head.sources),
  project: head.project,
  notes: new Map(head.folderNotes),
  folders: pathsOf(head.folders),
});

const sameNotes = ({ notes }: Found, { folderNotes }: CachedHead): boolean =>
  JSON.stringify([...notes].sort()) === JSON.stringify([...folderNotes].sort());

function keep({ path, at = -1 }: Entry, head: CachedHead, body: CachedBody, sources: Sources): void {
  const stamp = stampAt(head.sources, at);
  const hash = body.hashes[at];
  if (stamp === null || hash === undefined || sources.unsaved(path) !== undefined) {
    sources.read(path);
    return;
  }
  const origin = { stamp, readAt: takenAt(head.sources, at), hash };
  sources.take(path, { origin, facts: body.facts[at] ?? null, note: body.notes[at] ?? null });
  keepParsed({ path, at }, body, sources);
}

/** Takes over the syntax of a file where its bytes are the same, and tells whether they are. */
function keepParsed({ path, at = -1 }: Entry, body: CachedBody, sources: Sources): boolean {
  const hash = body.hashes[at];
  if (hash === undefined || hash === "" || sources.hashOf(path) !== hash) return false;
  const parsed = body.parsed.get(path);
  if (parsed?.hash === hash) sources.takeParsed(path, parsed);
  return true;
}
