import { join, relative } from "node:path";
import type { FileChange, PlanResult, TextEdit } from "../model/migrationPlan.ts";
import { adapterText, type AdapterOptions } from "./adapterText.ts";
import type { ClassFacts, Point, ProjectFacts, VendoredFolder } from "./facts.ts";
import { importText } from "./importText.ts";
import { freeName } from "./names.ts";
import { refusals } from "./refusals.ts";
import { chooseRuntime, slashes, type RuntimeChoice } from "./runtimeImport.ts";
import type { VendoredForm } from "./vendored.ts";

export interface PlanInput {
  /** Absolute, like `file`. */
  root: string;
  file: string;
  text: string;
  facts: ClassFacts;
  project: ProjectFacts;
  options: AdapterOptions;
  /** A vendored folder's files: name to text. */
  vendorFiles: (form: VendoredForm) => ReadonlyMap<string, string>;
}

/** Plans the adapter of one class: insertions only, the legacy class keeps every byte. */
export function planAdapter({ root, file, text, facts, project, ...rest }: PlanInput): PlanResult {
  const runtime = chooseRuntime(root, file, facts, project);
  if ("refused" in runtime) return { status: "refused", reason: runtime.refused };
  if (facts.syntax === "commonjs" && facts.exportAt === null) {
    return { status: "refused", reason: refusals.noRoomForExport(facts.name) };
  }

  const adapter = freeName(`${facts.name}Adapter`, new Set([...facts.names, "UniversalAgentAdapter"]));
  const base = facts.runtimeName ?? freeBaseName(facts.names);
  const edits: TextEdit[] = [];
  if (facts.runtimeName === null) {
    const statement = importText(facts, {
      specifier: runtime.specifier,
      exported: "UniversalAgentAdapter",
      local: base,
    });
    edits.push({ ...at(facts.importAt), text: statement, shared: true });
  }
  edits.push(...adapterEdits(facts, adapter, adapterText(facts, { adapter, base }, rest.options)));

  const changes = [
    { path: file, before: text, edits },
    ...runtimeChanges(runtime, project, rest.vendorFiles),
  ];
  return {
    status: "ready",
    plan: { action: "migrate", file_path: slashes(relative(root, file)), name: facts.name, adapter, changes },
  };
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

function freeBaseName(names: ReadonlySet<string>): string {
  return names.has("UniversalAgentAdapter") ? freeName("OpsviAgentAdapter", names) : "UniversalAgentAdapter";
}

export const at = ({ offset }: Point) => ({ start: offset, end: offset });

function adapterEdits(facts: ClassFacts, adapter: string, text: string): TextEdit[] {
  const { end, exportAt, style } = facts;
  const { eol } = style;
  if (exportAt === null) return [{ ...at(end), text: apart(end, eol, text) }];
  const semicolon = style.semicolons || facts.hazardAfterExport ? ";" : "";
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
