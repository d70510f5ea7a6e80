import { ts } from "ts-morph";
import { entityName } from "./types.ts";
import type { Expr, FileModel } from "./fileModel.ts";

const textOf = (node: ts.Node | undefined): string | null =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;

/** The names an import brings into the module. */
export function bindImports(
  node: ts.ImportDeclaration | ts.ImportEqualsDeclaration,
  scope: number,
  bind: (name: string, expr: Expr) => void,
): void {
  if (ts.isImportEqualsDeclaration(node)) {
    const { moduleReference: reference } = node;
    const specifier = ts.isExternalModuleReference(reference) ? textOf(reference.expression) : null;
    if (specifier !== null) bind(node.name.text, { kind: "module", specifier, interop: "require" });
    else if (!ts.isExternalModuleReference(reference)) bind(node.name.text, entityName(reference, scope));
    return;
  }
  const specifier = textOf(node.moduleSpecifier);
  const clause = node.importClause;
  if (specifier === null || clause === undefined) return;
  if (clause.name !== undefined)
    bind(clause.name.text, { kind: "import", specifier, name: "default", local: clause.name.text });
  const named = clause.namedBindings;
  if (named === undefined) return;
  if (ts.isNamespaceImport(named)) {
    bind(named.name.text, { kind: "module", specifier, interop: "namespace" });
    return;
  }
  for (const { name, propertyName } of named.elements) {
    bind(name.text, { kind: "import", specifier, name: (propertyName ?? name).text, local: name.text });
  }
}

/** `export { … }`, `export … from`, `export *` */
export function bindExports(node: ts.ExportDeclaration, model: FileModel): void {
  const specifier = textOf(node.moduleSpecifier);
  const clause = node.exportClause;
  if (clause === undefined) {
    if (specifier !== null) model.stars.push(specifier);
  } else if (ts.isNamespaceExport(clause)) {
    if (specifier !== null) {
      model.exports.set(clause.name.text, { kind: "module", specifier, interop: "namespace" });
    }
  } else {
    for (const { name, propertyName } of clause.elements) {
      const source = (propertyName ?? name).text;
      const expr: Expr =
        specifier === null
          ? { kind: "name", name: source, scope: 0 }
          : { kind: "import", specifier, name: source, local: name.text };
      model.exports.set(name.text, expr);
    }
  }
}
