import type { ts } from "ts-morph";
import type { AdapterOptions } from "../../migration/adapterText.ts";
import type { ClassFacts } from "../../migration/facts.ts";
import { readLog, stateOf } from "../../migration/log.ts";
import { mappedOptions } from "../../migration/mappedOptions.ts";
import { refusals } from "../../migration/refusals.ts";
import { insertedAdapter, insertedImports } from "../../migration/supersede.ts";
import { unneededImports } from "../../migration/takeOut.ts";
import type { PlanResult } from "../../model/migrationPlan.ts";
import { adapterPlace, type AdapterPlace } from "./adapterPlace.ts";
import { adapterIn, type StandingAdapter } from "./standingAdapter.ts";
import type { Surroundings } from "./surroundings.ts";

export interface UpdateInput {
  surroundings: Surroundings;
  /** Absolute. */
  file: string;
  /** `file`, relative to the root. */
  path: string;
  source: ts.SourceFile;
  facts: ClassFacts;
  /** What an adapter that is made today would tell of the class. */
  options: AdapterOptions;
}

/** Plans to replace an adapter by the one that would be made today, where that is another; null where there is none. */
export async function planUpdate(input: UpdateInput): Promise<PlanResult | null> {
  const { surroundings, path: file_path, facts } = input;
  const { name, language, reach } = facts;
  const place = await adapterPlace(input);
  if (place === null) return null;
  const { standing, text, path } = place;
  const { name: adapter, start, end } = standing;
  if (place.file !== input.file && reach?.types.parameters === null) {
    return { status: "refused", reason: refusals.keptTypes(name) };
  }
  const today = anew(standing, place, input);
  if (isSame(today, standing)) return { status: "migrated", reason: refusals.upToDate(name, adapter) };

  const state = stateOf(await readLog(surroundings.root));
  const inserted = insertedAdapter(state.active, path, adapter);
  const original = inserted === null ? null : adapterIn(path, inserted, adapter, language);
  if (original === null ? !standing.plain : !isSame(original, standing)) {
    const isOutgrown = original === null || !isSame(anew(original, place, input), original);
    return isOutgrown
      ? { status: "refused", reason: refusals.editedAndOutgrown(name, adapter) }
      : { status: "migrated", reason: refusals.editedAdapter(name, adapter) };
  }
  const edit = { start, end, text: today.text };
  const unneeded = inserted === null ? [] : unneededImports(text, edit, insertedImports(state, path));
  return {
    status: "ready",
    plan: {
      ...{ action: "update", file_path, name, adapter },
      changes: [{ path: place.file, before: text, edits: [...unneeded, ...place.imports, edit] }],
    },
  };
}

/** An adapter as it would be made today under its present names. */
function anew(
  old: StandingAdapter,
  { path, write }: AdapterPlace,
  { facts, options }: UpdateInput,
): StandingAdapter & { text: string } {
  const known = options.capabilities ?? [];
  const same =
    known.length === old.capabilities.length && known.every((each) => old.capabilities.includes(each));
  const capabilities = same ? old.capabilities : known;
  const { method = old.method } = options;
  // What the mapping no longer says was true when it did.
  const mapped = mappedOptions({ ...old.mapped, ...options.mapped });
  const text = write(old, { ...options, method, mapped, capabilities });
  const made = adapterIn(path, text, old.name, facts.language);
  if (made === null) throw new Error(`The adapter of ${facts.name} cannot be read back.`);
  return { ...made, text: text.slice(made.start, made.end) };
}

function isSame(one: StandingAdapter, other: StandingAdapter): boolean {
  return JSON.stringify(one.tokens) === JSON.stringify(other.tokens);
}
