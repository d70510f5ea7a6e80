import { ts } from "ts-morph";
import { isJavaScript } from "./moduleSyntax.ts";

export interface SyntaxError {
  /** Counts from 1. */
  line: number;
  message: string;
}

/** The first syntax error of a file. */
export function firstSyntaxError(source: ts.SourceFile): SyntaxError | null {
  // The parser keeps its errors on the tree but out of the public types.
  const { parseDiagnostics = [] } = source as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] };
  const found: readonly ts.Diagnostic[] =
    parseDiagnostics.length > 0 || !isJavaScript(source.fileName) || !holdsTypes(source)
      ? parseDiagnostics
      : fullDiagnostics(source);
  const [first] = found.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (first === undefined) return null;
  const { line } = source.getLineAndCharacterOfPosition(first.start ?? 0);
  return { line: line + 1, message: ts.flattenDiagnosticMessageText(first.messageText, " ") };
}

/** What only TypeScript may hold; the parser lets it pass everywhere. */
function holdsTypes(source: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean =>
    isOfTypeScript(node) || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(source);
}

const isOfTypeScript = (node: ts.Node): boolean =>
  (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
  ts.isTypeParameterDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isEnumDeclaration(node) ||
  ts.isModuleDeclaration(node) ||
  ts.isImportEqualsDeclaration(node) ||
  ts.isNonNullExpression(node) ||
  (ts.isModifier(node) && !modifiersOfScripts.has(node.kind)) ||
  (ts.isExportAssignment(node) && node.isExportEquals === true) ||
  ((ts.isParameter(node) || ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node)) &&
    node.questionToken !== undefined) ||
  ((ts.isImportSpecifier(node) || ts.isExportSpecifier(node) || ts.isExportDeclaration(node)) &&
    node.isTypeOnly) ||
  (ts.isImportClause(node) && node.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
  (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) ||
  ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)) &&
    node.body === undefined);

const modifiersOfScripts: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ExportKeyword,
  ts.SyntaxKind.DefaultKeyword,
  ts.SyntaxKind.AsyncKeyword,
  ts.SyntaxKind.StaticKeyword,
  ts.SyntaxKind.AccessorKeyword,
]);

function fullDiagnostics({ fileName, text }: ts.SourceFile): readonly ts.Diagnostic[] {
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.Preserve, allowJs: true },
  });
  return diagnostics;
}
