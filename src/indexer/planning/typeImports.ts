import { ts } from "ts-morph";
import type { TypeImport } from "../../migration/facts.ts";
import { hasModifier } from "./heldClasses.ts";

/** What another file has to import to write these nodes there; null where the file keeps some of it to itself. */
export function typeImports(
  source: ts.SourceFile,
  nodes: readonly ts.Node[],
  own: ReadonlySet<string>,
): TypeImport[] | null {
  const bound = bindings(source);
  const found = new Map<string, TypeImport>();
  for (const name of new Set(nodes.flatMap(namedIn))) {
    const binding = own.has(name) ? undefined : bound.get(name);
    // Of the language, the platform or other global declarations.
    if (binding === undefined) continue;
    if (binding === "kept") return null;
    found.set(name, binding);
  }
  return [...found.values()];
}

/** The first names of all that type nodes refer to. */
function namedIn(node: ts.Node): string[] {
  const names: string[] = [];
  const first = (name: ts.Node): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else if (ts.isQualifiedName(name)) first(name.left);
    else if (ts.isPropertyAccessExpression(name)) first(name.expression);
  };
  const visit = (inner: ts.Node): void => {
    if (ts.isTypeReferenceNode(inner)) first(inner.typeName);
    if (ts.isTypeQueryNode(inner)) first(inner.exprName);
    if (ts.isExpressionWithTypeArguments(inner)) first(inner.expression);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return names;
}

/** What the names of the file's top level stand for: an import of its own, an export, or what it keeps to itself. */
function bindings(source: ts.SourceFile): Map<string, TypeImport | "kept"> {
  const bound = new Map<string, TypeImport | "kept">();
  const exported = exportedNames(source);
  const declare = (name: string, statement: ts.Statement) => {
    const byKeyword =
      hasModifier(statement, ts.SyntaxKind.ExportKeyword) &&
      !hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
    const as = byKeyword ? name : exported.get(name);
    if (as !== undefined) bound.set(name, { local: name, exported: as, specifier: null });
    else if (!bound.has(name)) bound.set(name, "kept");
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      for (const each of importsOf(statement)) bound.set(each.local, each);
    } else if (ts.isImportEqualsDeclaration(statement)) bound.set(statement.name.text, "kept");
    else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name)) declare(name.text, statement);
      }
    } else if (isNamedDeclaration(statement)) declare(statement.name.text, statement);
  }
  return bound;
}

/** The local names that `import type` gives. */
export function typeNamesIn(source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) =>
    ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      ? importsOf(statement).map(({ local }) => local)
      : [],
  );
}

function importsOf({ importClause, moduleSpecifier }: ts.ImportDeclaration): TypeImport[] {
  if (importClause === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  const specifier = moduleSpecifier.text;
  const { name, namedBindings } = importClause;
  const found: TypeImport[] = [];
  if (name !== undefined) found.push({ local: name.text, exported: "default", specifier });
  if (namedBindings === undefined) return found;
  if (ts.isNamespaceImport(namedBindings)) {
    return [...found, { local: namedBindings.name.text, exported: "*", specifier }];
  }
  const named = namedBindings.elements.map(({ name: local, propertyName }) => ({
    local: local.text,
    exported: (propertyName ?? local).text,
    specifier,
  }));
  return [...found, ...named];
}

/** By local name, what `export { … }` and `export default` call it. */
function exportedNames(source: ts.SourceFile): Map<string, string> {
  const names = new Map<string, string>();
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement) && statement.isExportEquals !== true) {
      if (ts.isIdentifier(statement.expression)) names.set(statement.expression.text, "default");
    }
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) continue;
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
    for (const { name, propertyName } of statement.exportClause.elements) {
      names.set((propertyName ?? name).text, name.text);
    }
  }
  return names;
}

function isNamedDeclaration(
  statement: ts.Statement,
): statement is ts.Statement & { readonly name: ts.Identifier } {
  return (
    (ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isModuleDeclaration(statement)) &&
    statement.name !== undefined &&
    ts.isIdentifier(statement.name)
  );
}
