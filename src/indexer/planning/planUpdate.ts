import { adapterText, type AdapterOptions } from "../../migration/adapterText.ts";
import type { ClassFacts, Room } from "../../migration/facts.ts";
import { readLog, stateOf } from "../../migration/log.ts";
import { refusals } from "../../migration/refusals.ts";
import { insertedAdapter } from "../../migration/supersede.ts";
import type { PlanResult } from "../../model/migrationPlan.ts";
import { adapterIn, standingAdapter, type StandingAdapter } from "./standingAdapter.ts";

export interface UpdateInput {
  /** Absolute. */
  root: string;
  file: string;
  /** `file`, relative to the root. */
  path: string;
  text: string;
  facts: ClassFacts;
  /** What an adapter that is made today would tell of the class. */
  options: AdapterOptions;
}

/** Plans to replace an adapter by the one that would be made today, where that is another; null where there is none. */
export async function planUpdate(input: UpdateInput): Promise<PlanResult | null> {
  const { root, file, path, text, facts } = input;
  const { name, language } = facts;
  if ("refused" in facts.room) return null;
  const standing = standingAdapter(path, text, facts.room.reference, language);
  if (standing === null) return null;
  const { name: adapter, start, end } = standing;
  const today = anew(standing, input, facts.room);
  if (isSame(today, standing)) return { status: "migrated", reason: refusals.upToDate(name, adapter) };

  const inserted = insertedAdapter(stateOf(await readLog(root)).active, path, adapter);
  const original = inserted === null ? null : adapterIn(path, inserted, adapter, language);
  const edited = original !== null && !isSame(original, standing);
  if (edited && isSame(anew(original, input, facts.room), original)) {
    return { status: "migrated", reason: refusals.editedAdapter(name, adapter) };
  }
  const edits = [{ start, end, text: today.text }];
  return {
    status: "ready",
    plan: {
      action: "update",
      file_path: path,
      name,
      adapter,
      changes: [{ path: file, before: text, edits }],
      ...(edited && { edited }),
    },
  };
}

/** An adapter as it would be made today under its present names. */
function anew(
  old: StandingAdapter,
  { path, facts, options }: UpdateInput,
  room: Room,
): StandingAdapter & { text: string } {
  const frame = {
    ...{ adapter: old.name, base: old.base, legacy: room.reference, margin: room.margin },
    exported: room.exportAt === null,
    besideClass: true,
    overloads: true,
  };
  const known = options.capabilities ?? [];
  const same =
    known.length === old.capabilities.length && known.every((each) => old.capabilities.includes(each));
  const capabilities = same ? old.capabilities : known;
  const text = adapterText(facts, frame, { ...options, method: old.method, capabilities });
  const made = adapterIn(path, text, old.name, facts.language);
  if (made === null) throw new Error(`The adapter of ${facts.name} cannot be read back.`);
  return { ...made, text: text.slice(made.start, made.end) };
}

function isSame(one: StandingAdapter, other: StandingAdapter): boolean {
  return JSON.stringify(one.tokens) === JSON.stringify(other.tokens);
}
