import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { basename, join, relative } from "node:path";
import { ts } from "ts-morph";
import { importText } from "../../../migration/importText.ts";
import { freeName } from "../../../migration/names.ts";
import { at, runtimeChanges, type PlanInput } from "../../../migration/planAdapter.ts";
import { rewriteRefusals as refusals } from "../../../migration/rewriteRefusals.ts";
import { chooseRuntime, slashes } from "../../../migration/runtimeImport.ts";
import { textAfter } from "../../../migration/textEdits.ts";
import type { FileChange, PlanResult } from "../../../model/migrationPlan.ts";
import { findClass } from "../findClass.ts";
import { parse } from "../parsedFiles.ts";
import { rewriteEdits } from "./edits.ts";
import { Mentions } from "./mentions.ts";
import { workspaceProgram, type WorkspaceProgram } from "./program.ts";
import { rewriteShape, type RewriteShape } from "./shape.ts";
import { telltaleUse } from "./uses.ts";

interface Surroundings {
  /** The class's file, relative to the root. */
  path: string;
  coreDir: string;
  readText: (path: string) => string | null | Promise<string | null>;
}

const refuse = (reason: string): PlanResult => ({ status: "refused", reason });

/**
 * Plans to make a class itself a BaseAgent, where nothing in its workspace folder could tell the difference. What the
 * text alone says against it comes first: building the program takes seconds.
 */
export async function planRewrite(input: PlanInput, around: Surroundings): Promise<PlanResult> {
  const { root, file, text, facts, project, options } = input;
  const { path } = around;
  if (facts.language !== "typescript") return refuse(refusals.javascript(path));
  const mapped = Object.keys(options.mapped ?? {});
  if (mapped.length > 0) return refuse(refusals.mapped(facts.name, mapped.join(", ")));
  const { room } = facts;
  if ("refused" in room) return refuse(room.refused);
  const source = parse(path, text);
  const found = findClass(source, path, facts.name);
  if ("refused" in found) return refuse(found.refused);
  const read = rewriteShape(source, facts.name, found.node);
  if ("refused" in read) return refuse(read.refused);
  if (room.names.has("executeImpl")) return refuse(refusals.second(path));
  const manifest = join(project.home, "package.json");
  if (await isPublished(manifest)) {
    return refuse(refusals.published(facts.name, slashes(relative(root, manifest))));
  }
  const libraries = join(around.coreDir, "../typescript");
  if (!existsSync(libraries)) return refuse(refusals.libraries);
  const runtime = chooseRuntime(root, file, facts, project);
  if ("refused" in runtime) return refuse(runtime.refused);

  const workspace = await workspaceProgram(root, file, libraries, around.readText);
  if (workspace === null) return refuse(refusals.noConfig(path));
  const hidden = (await useInOthers(workspace, input)) ?? useInProgram(workspace, input, read.shape);
  if (hidden !== null) return refuse(hidden);

  const base = room.names.has("BaseAgent") ? freeName("OpsviBaseAgent", room.names) : "BaseAgent";
  const override = workspace.program.getCompilerOptions().noImplicitOverride === true;
  const statement = importText(facts, room, {
    specifier: runtime.specifier,
    exported: "BaseAgent",
    local: base,
  });
  const edits = [
    { ...at(room.importAt), text: statement, shared: true },
    ...rewriteEdits({ source, shape: read.shape, facts, room, options, base, override }),
  ];
  const changes = [
    { path: file, before: text, edits },
    ...runtimeChanges(runtime, project, input.vendorFiles),
  ];
  const broken = newError(workspace, changes, root);
  if (broken !== null) return refuse(broken);
  const { name } = facts;
  return { status: "ready", plan: { action: "rewrite", file_path: path, name, adapter: name, changes } };
}

async function isPublished(manifest: string): Promise<boolean> {
  const text = await readFile(manifest, "utf8").catch(() => null);
  if (text === null) return false;
  try {
    return (JSON.parse(text) as { private?: unknown }).private !== true;
  } catch {
    return true;
  }
}

/** Components and mappings that may speak of the class. */
async function useInOthers(
  { others }: WorkspaceProgram,
  { root, file, facts }: PlanInput,
): Promise<string | null> {
  const module = basename(file).replace(/\.[cm]?tsx?$/, "");
  for (const path of others) {
    const text = await readFile(path, "utf8");
    if (text.includes(facts.name) || text.includes(`/${module}`) || /\bimport\(/.test(text)) {
      return refusals.component(facts.name, slashes(relative(root, path)));
    }
  }
  return null;
}

function useInProgram(
  { program }: WorkspaceProgram,
  { root, file, facts }: PlanInput,
  shape: RewriteShape,
): string | null {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(slashes(file));
  const found = source === undefined ? null : findClass(source, file, facts.name);
  const node = found !== null && "node" in found ? found.node : undefined;
  const symbol = node?.name && checker.getSymbolAtLocation(node.name);
  if (symbol === undefined) return refusals.noConfig(slashes(relative(root, file)));
  if (symbol.declarations?.length !== 1) return refusals.inspects(facts.name, "declaration merging");
  const context = { checker, mentions: new Mentions(checker, symbol), method: shape.methodName };
  const place = (inside: ts.Node) => placeOf(inside, root);
  for (const each of program.getSourceFiles()) {
    if (each.isDeclarationFile || each.fileName.includes("/node_modules/")) continue;
    const unknown = unknownImport(each, checker);
    if (unknown !== null) {
      return unknown.specifier === null
        ? refusals.dynamic(place(unknown.node))
        : refusals.unresolved(unknown.specifier, place(unknown.node));
    }
  }
  for (const each of program.getSourceFiles()) {
    if (each.isDeclarationFile || each.fileName.includes("/node_modules/")) continue;
    const use = telltaleUse(each, context);
    if (use !== null) return refusals.used(facts.name, use.why, place(use.node));
  }
  return null;
}

/** A module that is not found, or only known when the code runs: it may be that of the class. */
function unknownImport(
  source: ts.SourceFile,
  checker: ts.TypeChecker,
): { node: ts.Node; specifier: string | null } | null {
  let found: { node: ts.Node; specifier: string | null } | null = null;
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : loaded(node);
    if (specifier !== undefined && found === null) {
      if (!ts.isStringLiteralLike(specifier)) found = { node, specifier: null };
      else if (!isKnown(specifier, checker)) found = { node, specifier: specifier.text };
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What `import(…)` and `require(…)` load. */
function loaded(node: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads = expression.kind === ts.SyntaxKind.ImportKeyword;
  return loads || (ts.isIdentifier(expression) && expression.text === "require")
    ? node.arguments[0]
    : undefined;
}

function isKnown(specifier: ts.StringLiteralLike, checker: ts.TypeChecker): boolean {
  if (checker.getSymbolAtLocation(specifier) !== undefined) return true;
  const { text } = specifier;
  return (
    builtinModules.includes(text.replace(/^node:/, "")) || /\.(?:css|scss|less|json|svg|png)$/.test(text)
  );
}

/** The first error that the project would have only afterwards. */
function newError(workspace: WorkspaceProgram, changes: readonly FileChange[], root: string): string | null {
  const texts = new Map(changes.map((change) => [slashes(change.path), textAfter(change)]));
  const before = new Set(errorsOf(workspace.program).map(keyOf));
  const error = errorsOf(workspace.after(texts)).find((each) => !before.has(keyOf(each)));
  if (error?.file === undefined) return null;
  const path = slashes(relative(root, error.file.fileName));
  const { line } = error.file.getLineAndCharacterOfPosition(error.start ?? 0);
  return refusals.typeError(`${path}:${line + 1}`, ts.flattenDiagnosticMessageText(error.messageText, " "));
}

function errorsOf(program: ts.Program): ts.Diagnostic[] {
  const own = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
  return own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
}

const keyOf = ({ file, code, messageText }: ts.Diagnostic) =>
  `${file?.fileName ?? ""} ${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;

function placeOf(node: ts.Node, root: string): string {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return `${slashes(relative(root, source.fileName))}:${line + 1}`;
}
