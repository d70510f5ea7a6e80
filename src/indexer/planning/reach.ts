import { ts } from "ts-morph";
import type { Reach } from "../../migration/facts.ts";
import { exportTarget } from "./commonJs.ts";
import { bare, hasModifier, type HeldClass } from "./heldClasses.ts";

export type Export = Pick<Reach, "form" | "exported" | "path">;

/** The best way for other files to get at a class: by its own name, by another, as the default, as the whole module; null for none. */
export function exportOf(source: ts.SourceFile, held: HeldClass, syntax: "esm" | "commonjs"): Export | null {
  const [name = "", ...inner] = held.reference?.split(".") ?? [];
  const path = inner.map((each) => `.${each}`).join("");
  if (syntax === "commonjs") return commonJsExport(source, held, path);
  const names = source.statements.flatMap((statement) => exportedAs(statement, held, name));
  const best = names.find((each) => each === name) ?? names.find((each) => each !== "default") ?? names[0];
  if (best !== undefined) return { form: "import", exported: best, path };
  const whole = source.statements.some(
    (each) => ts.isExportAssignment(each) && each.isExportEquals === true && holds(each.expression, held),
  );
  return whole ? { form: "import=", exported: null, path } : null;
}

/** The names under which a statement exports the class, or what holds it. */
function exportedAs(statement: ts.Statement, held: HeldClass, name: string): string[] {
  if (ts.isExportAssignment(statement)) {
    return statement.isExportEquals !== true && holds(statement.expression, held) ? ["default"] : [];
  }
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, moduleSpecifier, isTypeOnly } = statement;
    if (moduleSpecifier !== undefined || isTypeOnly || exportClause === undefined) return [];
    if (!ts.isNamedExports(exportClause)) return [];
    return exportClause.elements
      .filter((each) => !each.isTypeOnly && (each.propertyName ?? each.name).text === name)
      .map((each) => each.name.text);
  }
  if (statement !== held.statement || !hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return [];
  return [hasModifier(statement, ts.SyntaxKind.DefaultKeyword) ? "default" : name];
}

function holds(expression: ts.Expression, { reference, node }: HeldClass): boolean {
  const value = bare(expression);
  if (ts.isIdentifier(value)) return value.text === reference?.split(".")[0];
  return node.parent !== value.parent ? contains(value, node) : value === node;
}

/** The class itself or within a call that gives it. */
const contains = (outer: ts.Node, inner: ts.Node): boolean =>
  ts.findAncestor(inner, (each) => each === outer) !== undefined &&
  (outer === inner || ts.isCallExpression(outer));

function commonJsExport(source: ts.SourceFile, held: HeldClass, path: string): Export | null {
  const targets = source.statements.map(exportTarget).filter((target) => target !== null);
  const whole = targets.findLast((target) => target.whole);
  if (whole !== undefined && holds(whole.value, held)) return { form: "require", exported: null, path };
  if (whole !== undefined && ts.isObjectLiteralExpression(whole.value)) {
    for (const property of whole.value.properties) {
      const exported = memberFor(property, held);
      if (exported !== null) return { form: "require", exported, path };
    }
  }
  const own = targets.findLast(
    ({ property, value, object }) =>
      property !== null && holds(value, held) && (whole === undefined || object === "module.exports"),
  );
  return own === undefined ? null : { form: "require", exported: own.property, path };
}

/** The name of the member that holds the class. */
function memberFor(property: ts.ObjectLiteralElementLike, held: HeldClass): string | null {
  if (property.name === undefined || !ts.isIdentifier(property.name)) return null;
  const { text } = property.name;
  if (ts.isShorthandPropertyAssignment(property)) return text === held.reference?.split(".")[0] ? text : null;
  return ts.isPropertyAssignment(property) && holds(property.initializer, held) ? text : null;
}
