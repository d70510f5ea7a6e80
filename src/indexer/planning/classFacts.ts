import { ts } from "ts-morph";
import type { ClassFacts, ClassResult, TypeParameter } from "../../migration/facts.ts";
import { refusals } from "../../migration/refusals.ts";
import { findClass, type FoundClass } from "./findClass.ts";
import { commonJsExport } from "./commonJsExport.ts";
import { isJavaScript, moduleSyntax } from "./moduleSyntax.ts";
import { endOf, importPoint, lineStart, pointAfter } from "./points.ts";
import { importExtensionOf } from "./specifiers.ts";
import { adapterOf, baseAgentOf, runtimeNames } from "./runtimeNames.ts";
import { styleOf } from "./style.ts";

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
export function classFacts({ file, text, name, typeModule, adapted }: SyntaxInput): ClassResult {
  const source = parse(file, text);
  const error = firstSyntaxError(source);
  if (error !== null) return { refused: refusals.syntaxErrors(file, error.line, error.message) };

  const found = findClass(source, file, name);
  if ("refused" in found) return found;
  const runtime = runtimeNames(source);
  const adapter = adapterOf(source, found.name, runtime);
  if (adapter !== null && adapted !== true) {
    return { migrated: refusals.migrated(found.name, adapter.name) };
  }
  const reason = refusal(source, found, runtime);
  if (reason !== null) return { refused: reason };

  const module = moduleSyntax(source, file, typeModule);
  if ("refused" in module) return module;
  const { node, statement } = found;
  const end = pointAfter(text, endOf(source, statement));
  const importAt = importPoint(source, statement, module.syntax);
  const exportAt = module.syntax === "commonjs" ? commonJsExport(source, text, found.name, end) : null;
  return {
    facts: {
      name: found.name,
      language: isJavaScript(source.fileName) ? "javascript" : "typescript",
      syntax: module.syntax,
      expression: !ts.isClassDeclaration(node),
      typeParameters: typeParameters(node, source),
      overloads: overloads(node, source),
      style: styleOf(source, node),
      margin: marginOf(text, statement.getStart(source)),
      end,
      importAt,
      exportAt,
      names: identifiers(source),
      importExtension: importExtensionOf(source),
      runtimeName: runtime.values[0] ?? null,
      hazardAfterImport: continues(text, importAt.offset),
      hazardAfterExport: exportAt !== null && continues(text, exportAt.point.offset),
    } satisfies ClassFacts,
  };
}

export function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function refusal(
  source: ts.SourceFile,
  { name, node }: FoundClass,
  runtime: ReturnType<typeof runtimeNames>,
): string | null {
  if (has(node, ts.SyntaxKind.DeclareKeyword)) return refusals.ambient(name);
  const kind = baseAgentOf(node, runtime);
  if (kind === "adapter") return refusals.isAdapter(name);
  if (kind === "agent") return refusals.isBaseAgent(name);
  if (has(node, ts.SyntaxKind.AbstractKeyword)) return refusals.abstract(name);
  const visibility = hiddenConstructor(node);
  if (visibility !== null) return refusals.hiddenConstructor(name, name, visibility);
  const exportsWhole = source.statements.some((s) => ts.isExportAssignment(s) && s.isExportEquals === true);
  return exportsWhole ? refusals.exportAssignment(name) : null;
}

/** "private" or "protected" where the class's own constructor is. */
export function hiddenConstructor(node: ts.ClassLikeDeclaration): "private" | "protected" | null {
  for (const member of node.members.filter(ts.isConstructorDeclaration)) {
    if (has(member, ts.SyntaxKind.PrivateKeyword) || ts.getJSDocPrivateTag(member)) return "private";
    if (has(member, ts.SyntaxKind.ProtectedKeyword) || ts.getJSDocProtectedTag(member)) return "protected";
  }
  return null;
}

function has(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === kind) ?? false);
}

function firstSyntaxError(source: ts.SourceFile): { line: number; message: string } | null {
  const { fileName, text } = source;
  const diagnostics = ts.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.Preserve, allowJs: true },
  }).diagnostics;
  const first = diagnostics?.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (first === undefined) return null;
  const { line } = source.getLineAndCharacterOfPosition(first.start ?? 0);
  return { line: line + 1, message: ts.flattenDiagnosticMessageText(first.messageText, " ") };
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
  return node.members
    .filter((member) => ts.isConstructorDeclaration(member) && member.body === undefined)
    .map((member) => source.text.slice(source.text.indexOf("(", member.getStart(source)), member.end))
    .map((list) => list.slice(0, list.lastIndexOf(")") + 1));
}

function marginOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? "";
}

function identifiers(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** Whether the code after `offset` could continue a statement that ends there without a semicolon. */
function continues(text: string, offset: number): boolean {
  const code = text.slice(offset).replace(/^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/, "");
  return /^[([`+\-*/.,?]/.test(code);
}
