import { basename, extname } from "node:path";
import type { TextEdit } from "../model/migrationPlan.ts";
import { adapterText, type AdapterOptions, type Frame } from "./adapterText.ts";
import type { ClassFacts, ProjectFacts, Reach, SiblingFile, TypeImport } from "./facts.ts";
import { classImport, runtimeImport, typeImport } from "./importText.ts";
import { freeName } from "./names.ts";
import type { Placed } from "./planAdapter.ts";
import { freeBaseName } from "./baseName.ts";

interface SiblingInput {
  /** That of the class, absolute. */
  file: string;
  facts: ClassFacts;
  project: ProjectFacts;
  options: AdapterOptions;
  place: SiblingFile;
  /** Of the runtime. */
  specifier: string;
}

/**
 * The adapter in a file beside that of its class. Every insertion is made of whole lines, so that adapters can be taken
 * out again in any order.
 */
export function siblingChange({ file, facts, project, options, place, specifier }: SiblingInput): Placed {
  const { existing, path } = place;
  const { reach } = facts;
  if (reach === null) throw new Error(`${facts.name} is not exported.`);
  const style = { ...facts.style, eol: existing?.eol ?? facts.style.eol };
  const { eol } = style;
  const taken = existing?.names ?? new Set<string>();
  const types = siblingTypes(facts, reach);
  const local = freeName(localName(facts, reach), taken);
  const used = new Set([...taken, local, ...types.map((each) => each.local)]);
  const base = existing?.runtimeName ?? freeBaseName(used);
  const adapter = freeName(`${facts.label}Adapter`, new Set([...used, "UniversalAgentAdapter", base]));

  const legacy = legacySpecifier(file, facts, project);
  const imports: Omit<TextEdit, "start" | "end">[] = types
    .filter((each) => existing?.types.has(each.local) !== true)
    .map((each) => ({ text: typeImport(style, each, each.specifier ?? legacy) + eol, shared: true }));
  imports.unshift({ text: classImport(style, reach, { specifier: legacy, local }) + eol });
  if (existing?.runtimeName === undefined || existing.runtimeName === null) {
    const runtime = runtimeImport(style, facts.syntax, {
      specifier,
      exported: "UniversalAgentAdapter",
      local: base,
    });
    imports.unshift({ text: runtime + eol, shared: true });
  }
  const names = { adapter, base, legacy: local + reach.path };
  const code = siblingText({ facts: { ...facts, style }, reach, names, options });
  const more =
    facts.syntax === "esm"
      ? ""
      : `${eol}${eol}module.exports.${adapter} = ${adapter}${style.semicolons ? ";" : ""}`;
  const text = existing?.text ?? "";
  const importAt = existing?.importAt ?? 0;
  const start = text === "" || /[\r\n]$/.test(text) ? eol : eol + eol;
  return {
    adapter,
    change: {
      path,
      before: existing?.text ?? null,
      edits: [
        ...imports.map((each) => ({ start: importAt, end: importAt, ...each })),
        { start: text.length, end: text.length, text: start + code + more + eol },
      ],
    },
  };
}

/** What is imported; a class within a namespace comes with that. */
const localName = (facts: ClassFacts, { exported, path }: Reach): string =>
  path === "" ? facts.label : (exported ?? facts.label);

interface SiblingText {
  facts: ClassFacts;
  reach: Reach;
  names: Pick<Frame, "adapter" | "base" | "legacy">;
  options: AdapterOptions;
}

/** The adapter class alone. */
export function siblingText({ facts, reach, names, options }: SiblingText): string {
  const overloads = hasOverloads(facts, reach);
  const frame = { ...names, margin: "", exported: facts.syntax === "esm", besideClass: false, overloads };
  // Of a member of module.exports the type checker knows the value only.
  const expression = facts.expression || (reach.form === "require" && reach.exported !== null);
  return adapterText({ ...facts, expression }, frame, options);
}

/** What it has to import beside the class and the runtime. */
export function siblingTypes(facts: ClassFacts, reach: Reach): TypeImport[] {
  const { parameters, overloads } = reach.types;
  const all = [...(parameters ?? []), ...(hasOverloads(facts, reach) ? (overloads ?? []) : [])];
  return [...new Map(all.map((each) => [each.local, each])).values()];
}

const hasOverloads = (facts: ClassFacts, { types }: Reach): boolean =>
  facts.overloads.length > 0 && types.overloads !== null;

/** How the class's file is imported from the same folder: as its own relative imports end, else as the project asks. */
function legacySpecifier(file: string, facts: ClassFacts, project: ProjectFacts): string {
  const extension = extname(file);
  const stem = `./${basename(file, extension)}`;
  const ending = facts.importExtension ?? project.importExtension;
  if (ending === ".ts") return stem + extension;
  const ownFormat = /^\.[cm]/i.test(extension);
  if (facts.language === "javascript") return ending === "" && !ownFormat ? stem : stem + extension;
  if (ending === "" && !ownFormat) return stem;
  return stem + extension.replace(/(?<=\.[cm]?)tsx?$/i, "js");
}
