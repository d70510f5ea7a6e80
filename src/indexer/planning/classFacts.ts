import { basename, extname } from "node:path";
import { ts } from "ts-morph";
import type { ClassFacts, ClassResult, Reach, TypeParameter } from "../../migration/facts.ts";
import { refusals } from "../../migration/refusals.ts";
import { membersOf } from "./classMembers.ts";
import { hiddenConstructor, overloadsOf, signatureCount } from "./constructors.ts";
import { findClass } from "./findClass.ts";
import { hasModifier, isDeclared, type HeldClass } from "./heldClasses.ts";
import { isJavaScript, moduleSyntax } from "./moduleSyntax.ts";
import { parse } from "./parsedFiles.ts";
import { exportOf } from "./reach.ts";
import { roomIn } from "./room.ts";
import { adapterOf, baseAgentOf, runtimeNames } from "./runtimeNames.ts";
import { importExtensionOf } from "./specifiers.ts";
import { styleOf } from "./style.ts";
import { firstSyntaxError } from "./syntaxErrors.ts";
import { typeImports } from "./typeImports.ts";

export interface SyntaxInput {
  /** For messages: relative to the workspace folder. */
  file: string;
  text: string;
  /** The class name; "default" for an anonymous default export. */
  name: string;
  /** The package says `"type": "module"`. */
  typeModule: boolean;
  /** Asks for the facts of a class that has an adapter already, too. */
  adapted?: boolean;
}

/** Everything the planner needs to know of one class and its file. */
export function classFacts({ text, ...input }: SyntaxInput): ClassResult {
  return classFactsIn(parse(input.file, text), input);
}

export function classFactsIn(
  source: ts.SourceFile,
  { file, name, typeModule, adapted = false }: Omit<SyntaxInput, "text">,
): ClassResult {
  const error = firstSyntaxError(source);
  if (error !== null) return { refused: refusals.syntaxErrors(file, error.line, error.message) };
  const held = findClass(source, file, name);
  if ("refused" in held) return held;
  const runtime = runtimeNames(source);
  const adapter = held.reference === null ? null : adapterOf(source, held.reference, runtime);
  if (adapter !== null && !adapted) return { migrated: refusals.migrated(name, adapter.name) };
  const reason = refusal(held, name, runtime);
  if (reason !== null) return { refused: reason };
  const module = moduleSyntax(source, file, typeModule);
  if ("refused" in module) return module;
  const { node } = held;
  const { syntax } = module;
  return {
    facts: {
      name,
      label: name === "default" ? nameFrom(file) : name,
      language: isJavaScript(file) ? "javascript" : "typescript",
      syntax,
      expression: !ts.isClassDeclaration(node),
      typeParameters: typeParameters(node, source),
      overloads: overloads(node, source),
      signatures: signatureCount(node),
      style: styleOf(source, node),
      importExtension: importExtensionOf(source),
      room: roomIn({ source, file, held, name, syntax, runtime }),
      reach: reachOf(source, held, syntax),
      members: membersOf(node),
    } satisfies ClassFacts,
  };
}

function refusal(
  { node, statement }: HeldClass,
  name: string,
  runtime: ReturnType<typeof runtimeNames>,
): string | null {
  if (isDeclared(node) || isDeclared(statement)) return refusals.ambient(name);
  const kind = baseAgentOf(node, runtime);
  if (kind === "adapter") return refusals.isAdapter(name);
  if (kind === "agent") return refusals.isBaseAgent(name);
  if (hasModifier(node, ts.SyntaxKind.AbstractKeyword)) return refusals.abstract(name);
  const visibility = hiddenConstructor(node);
  return visibility === null ? null : refusals.hiddenConstructor(name, name, visibility);
}

function reachOf(source: ts.SourceFile, held: HeldClass, syntax: ClassFacts["syntax"]): Reach | null {
  const found = exportOf(source, held, syntax);
  if (found === null) return null;
  const { node } = held;
  const own = new Set((node.typeParameters ?? []).map(({ name }) => name.text));
  const types = {
    parameters: typeImports(source, node.typeParameters ?? [], own),
    overloads: typeImports(source, overloadsOf(node), own),
  };
  return { ...found, types };
}

/** `research-agent.ts` → `ResearchAgent`. */
function nameFrom(file: string): string {
  const words = basename(file, extname(file)).match(/[\p{L}\p{N}]+/gu) ?? [];
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^\p{L}/u.test(name) ? name : `Agent${name}`;
}

function typeParameters(node: ts.ClassLikeDeclaration, source: ts.SourceFile): TypeParameter[] {
  if (!isJavaScript(source.fileName)) {
    return (node.typeParameters ?? []).map((parameter) => ({
      name: parameter.name.text,
      text: source.text.slice(parameter.name.getStart(source), parameter.end),
    }));
  }
  return ts
    .getJSDocTags(node)
    .filter(ts.isJSDocTemplateTag)
    .flatMap((tag) => {
      const constraint = tag.constraint ? `${tag.constraint.getText(source)} ` : "";
      return tag.typeParameters.map((parameter) => ({
        name: parameter.name.text,
        text: constraint + parameter.getText(source),
      }));
    });
}

function overloads(node: ts.ClassLikeDeclaration, source: ts.SourceFile): string[] {
  return overloadsOf(node)
    .map((member) => source.text.slice(source.text.indexOf("(", member.getStart(source)), member.end))
    .map((list) => list.slice(0, list.lastIndexOf(")") + 1));
}
