import { ts } from "ts-morph";

/** `const x = require("…")`, with or without what follows it, or `require("…")` as a statement. */
export function isRequire(statement: ts.Statement): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some(({ initializer }) => startsWithRequire(initializer));
  }
  return ts.isExpressionStatement(statement) && startsWithRequire(statement.expression);
}

function startsWithRequire(expression: ts.Expression | undefined): boolean {
  let inner = expression;
  while (inner !== undefined) {
    if (ts.isCallExpression(inner)) {
      if (ts.isIdentifier(inner.expression) && inner.expression.text === "require") return true;
      inner = inner.expression;
    } else if (ts.isPropertyAccessExpression(inner)) inner = inner.expression;
    else return false;
  }
  return false;
}

export interface ExportTarget {
  statement: ts.Statement;
  /** `module.exports = …` rather than a property of it. */
  whole: boolean;
  object: "module.exports" | "exports";
  /** The name of the property. */
  property: string | null;
  value: ts.Expression;
}

/** The innermost assigned value of `module.exports = …`, `module.exports.x = …`, `exports.x = …`, `exports = module.exports = …`. */
export function exportTarget(statement: ts.Statement): ExportTarget | null {
  if (!ts.isExpressionStatement(statement)) return null;
  let target: ExportTarget | null = null;
  let expression: ts.Expression = statement.expression;
  while (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const { left, right } = expression;
    const base = { statement, value: right };
    if (isModuleExports(left)) target = { ...base, whole: true, object: "module.exports", property: null };
    else if (ts.isPropertyAccessExpression(left)) {
      const object = isModuleExports(left.expression)
        ? "module.exports"
        : isExports(left.expression)
          ? "exports"
          : null;
      if (object !== null && target === null)
        target = { ...base, whole: false, object, property: left.name.text };
    }
    if (target !== null) target = { ...target, value: right };
    expression = right;
  }
  return target;
}

const isExports = (node: ts.Expression) => ts.isIdentifier(node) && node.text === "exports";
const isModuleExports = (node: ts.Expression) =>
  ts.isPropertyAccessExpression(node) &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === "module" &&
  node.name.text === "exports";
