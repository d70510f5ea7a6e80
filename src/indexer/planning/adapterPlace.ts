import { relative } from "node:path";
import type { ts } from "ts-morph";
import { adapterText, type AdapterOptions } from "../../migration/adapterText.ts";
import type { ClassFacts } from "../../migration/facts.ts";
import { typeImport } from "../../migration/importText.ts";
import { slashes } from "../../migration/runtimeImport.ts";
import { siblingText, siblingTypes } from "../../migration/siblingChange.ts";
import type { TextEdit } from "../../model/migrationPlan.ts";
import { existingIn, siblingFile } from "./siblingFile.ts";
import { standingAdapter, type StandingAdapter } from "./standingAdapter.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where the adapter of a class stands, and how it is written there. */
export interface AdapterPlace {
  /** Absolute. */
  file: string;
  /** Relative to the workspace folder. */
  path: string;
  text: string;
  standing: StandingAdapter;
  /** The adapter as it would be made there today, under the given names. */
  write: (names: Pick<StandingAdapter, "name" | "base">, options: AdapterOptions) => string;
  /** What else it would have to import there. */
  imports: TextEdit[];
}

interface PlaceQuestion {
  surroundings: Surroundings;
  /** That of the class, absolute. */
  file: string;
  source: ts.SourceFile;
  facts: ClassFacts;
}

/** Looks in the file of the class, then beside it; null where there is no adapter. */
export async function adapterPlace(question: PlaceQuestion): Promise<AdapterPlace | null> {
  return inOwnFile(question) ?? (await besideIt(question));
}

function inOwnFile({ surroundings: { root }, file, source, facts }: PlaceQuestion): AdapterPlace | null {
  const { room, language } = facts;
  if ("refused" in room) return null;
  const { reference: legacy, margin, exportAt } = room;
  const standing = standingAdapter(source, legacy, language);
  if (standing === null) return null;
  const frame = { legacy, margin, exported: exportAt === null, besideClass: true, overloads: true };
  return {
    ...{ file, path: slashes(relative(root, file)), text: source.text, standing, imports: [] },
    write: ({ name, base }, options) => adapterText(facts, { ...frame, adapter: name, base }, options),
  };
}

async function besideIt({ surroundings, file, facts }: PlaceQuestion): Promise<AdapterPlace | null> {
  const { reach, language } = facts;
  if (reach === null) return null;
  const { files, root } = surroundings;
  const found = await siblingFile({ file, reach, files, taken: await surroundings.namesBeside(file) });
  if (!("adapter" in found)) return null;
  const { source, path, reference: legacy, specifier } = found.adapter;
  const standing = standingAdapter(source, legacy, language);
  if (standing === null) return null;
  const { eol, types, importAt } = existingIn(source, standing.base);
  const style = { ...facts.style, eol };
  const imports = siblingTypes(facts, reach)
    .filter(({ local }) => !types.has(local))
    .map((each) => ({
      ...{ start: importAt, end: importAt, shared: true },
      text: typeImport(style, each, each.specifier ?? specifier) + eol,
    }));
  return {
    ...{ file: path, path: slashes(relative(root, path)), text: source.text, standing, imports },
    write: ({ name, base }, options) => {
      const names = { adapter: name, base, legacy };
      return siblingText({ facts: { ...facts, style }, reach, names, options });
    },
  };
}
