import { ts } from "ts-morph";
import type { Expr } from "./fileModel.ts";

const UNKNOWN: Expr = { kind: "unknown" };

export interface Registered {
  classOf(node: ts.ClassLikeDeclaration): number;
  functionOf(node: ts.FunctionLikeDeclaration): number;
  makingOf(node: ts.NewExpression | ts.CallExpression, scope: number): number;
}

/** The expression as far as it can stand for a class, a mixin, or a module. */
export function toExpr(node: ts.Expression, scope: number, file: Registered): Expr {
  const convert = (inner: ts.Expression) => toExpr(inner, scope, file);
  if (ts.isIdentifier(node)) return { kind: "name", name: node.text, scope };
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isExpressionWithTypeArguments(node)
  ) {
    return convert(node.expression);
  }
  if (ts.isPropertyAccessExpression(node)) {
    return { kind: "member", object: convert(node.expression), name: node.name.text };
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return { kind: "member", object: convert(node.expression), name: node.argumentExpression.text };
  }
  if (ts.isCallExpression(node)) {
    const specifier = requiredModule(node);
    if (specifier !== null) return { kind: "module", specifier, interop: "require" };
    const callee = convert(node.expression);
    return { kind: "call", callee, args: node.arguments.map(convert), making: file.makingOf(node, scope) };
  }
  if (ts.isNewExpression(node)) return { kind: "new", making: file.makingOf(node, scope) };
  if (ts.isClassExpression(node)) return { kind: "class", index: file.classOf(node) };
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    return { kind: "function", index: file.functionOf(node) };
  }
  if (ts.isObjectLiteralExpression(node)) return objectOf(node, scope, file);
  if (ts.isConditionalExpression(node))
    return firstKnown(convert(node.whenTrue), () => convert(node.whenFalse));
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.CommaToken) return convert(node.right);
    if (kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken) {
      return firstKnown(convert(node.left), () => convert(node.right));
    }
  }
  return UNKNOWN;
}

const firstKnown = (first: Expr, second: () => Expr): Expr => (first.kind === "unknown" ? second() : first);

function objectOf(node: ts.ObjectLiteralExpression, scope: number, file: Registered): Expr {
  const members = new Map<string, Expr>();
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      members.set(property.name.text, { kind: "name", name: property.name.text, scope });
    } else if (ts.isPropertyAssignment(property)) {
      const name = staticName(property.name);
      if (name !== null) members.set(name, toExpr(property.initializer, scope, file));
    }
  }
  return { kind: "object", members };
}

/** The specifier of `require("…")` and `import("…")`. */
export function requiredModule(node: ts.CallExpression): string | null {
  const [argument] = node.arguments;
  if (argument === undefined || !ts.isStringLiteralLike(argument)) return null;
  const { expression: callee } = node;
  const isRequire = ts.isIdentifier(callee) && callee.text === "require";
  return isRequire || callee.kind === ts.SyntaxKind.ImportKeyword ? argument.text : null;
}

/** The name of a member, null where it is computed. */
export function staticName(name: ts.PropertyName | ts.BindingName): string | null {
  if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) return name.text;
  if (ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return null;
}
