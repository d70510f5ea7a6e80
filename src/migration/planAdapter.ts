import { join, relative } from "node:path";
import type { FileChange, PlanResult, TextEdit } from "../model/migrationPlan.ts";
import { adapterText, type AdapterOptions } from "./adapterText.ts";
import { freeBaseName } from "./baseName.ts";
import type { ClassFacts, Point, ProjectFacts, Room, SiblingFile, VendoredFolder } from "./facts.ts";
import { importText } from "./importText.ts";
import { freeName } from "./names.ts";
import { chooseRuntime, slashes, type RuntimeChoice } from "./runtimeImport.ts";
import { siblingChange } from "./siblingChange.ts";
import type { VendoredForm } from "./vendored.ts";

export interface PlanInput {
  /** Absolute, like `file`. */
  root: string;
  file: string;
  text: string;
  facts: ClassFacts;
  project: ProjectFacts;
  options: AdapterOptions;
  /** Where the adapter goes: into the file of the class, or into one beside it. */
  place: Room | SiblingFile;
  /** A vendored folder's files: name to text. */
  vendorFiles: (form: VendoredForm) => ReadonlyMap<string, string>;
}

/** An adapter, and what writing it changes in its file. */
export interface Placed {
  adapter: string;
  change: FileChange;
}

/** Plans the adapter of one class: insertions only, the legacy class keeps every byte. */
export function planAdapter(input: PlanInput): PlanResult {
  const { root, file, facts, project, place, options, vendorFiles } = input;
  const runtime = chooseRuntime(root, file, facts, project);
  if ("refused" in runtime) return { status: "refused", reason: runtime.refused };
  const { specifier } = runtime;
  const { adapter, change } =
    "path" in place
      ? siblingChange({ file, facts, project, options, place, specifier })
      : changeOfClassFile(input, place, specifier);
  const changes = [change, ...runtimeChanges(runtime, project, vendorFiles)];
  return {
    status: "ready",
    plan: { action: "migrate", file_path: slashes(relative(root, file)), name: facts.name, adapter, changes },
  };
}

function changeOfClassFile({ file, text, facts, options }: PlanInput, room: Room, specifier: string): Placed {
  const adapter = freeName(`${facts.label}Adapter`, new Set([...room.names, "UniversalAgentAdapter"]));
  const base = room.runtimeName ?? freeBaseName(room.names);
  const edits: TextEdit[] = [];
  if (room.runtimeName === null) {
    const statement = importText(facts, room, {
      specifier,
      exported: "UniversalAgentAdapter",
      local: base,
    });
    edits.push({ ...at(room.importAt), text: statement, shared: true });
  }
  const frame = { adapter, base, legacy: room.reference, margin: room.margin };
  const exported = room.exportAt === null;
  const code = adapterText(facts, { ...frame, exported, besideClass: true, overloads: true }, options);
  edits.push(...adapterEdits(facts, room, adapter, code));
  return { adapter, change: { path: file, before: text, edits } };
}

/** What makes the runtime's import lead somewhere. */
export function runtimeChanges(
  { vendored }: RuntimeChoice,
  { manifest }: ProjectFacts,
  vendorFiles: PlanInput["vendorFiles"],
): FileChange[] {
  const changes = manifest === null ? [] : [manifest];
  return vendored === null
    ? changes
    : [...changes, ...vendorChanges(vendored.place, vendorFiles(vendored.form))];
}

export const at = ({ offset }: Point) => ({ start: offset, end: offset });

function adapterEdits({ style }: ClassFacts, room: Room, adapter: string, text: string): TextEdit[] {
  const { end, exportAt, hazardAfterExport } = room;
  const { eol } = style;
  if (exportAt === null) return [{ ...at(end), text: apart(end, eol, text) }];
  const semicolon = style.semicolons || hazardAfterExport ? ";" : "";
  const statement = `${exportAt.target}.${adapter} = ${adapter}${semicolon}`;
  const { point } = exportAt;
  if (point.offset === end.offset)
    return [{ ...at(end), text: apart(end, eol, text + eol + eol + statement) }];
  return [
    { ...at(end), text: apart(end, eol, text) },
    { ...at(point), text: eol + statement + (point.rest === "" ? "" : eol) },
  ];
}

/** With a blank line before and after. */
function apart(point: Point, eol: string, text: string): string {
  return eol + eol + text + (point.rest === "" && point.blankAfter ? "" : eol);
}

function vendorChanges(
  { folder, files: existing }: VendoredFolder,
  files: ReadonlyMap<string, string>,
): FileChange[] {
  return [...files]
    .filter(([name]) => !existing.has(name))
    .map(([name, text]) => ({
      path: join(folder, name),
      before: null,
      edits: [{ start: 0, end: 0, text }],
    }));
}
