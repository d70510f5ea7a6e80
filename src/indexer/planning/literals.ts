import { ts } from "ts-morph";
import { staticName } from "../syntax/expressions.ts";

/** What an expression of constants alone stands for; null for any other. */
export function literalOf(node: ts.Expression): { value: unknown } | null {
  if (ts.isStringLiteralLike(node)) return { value: node.text };
  if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
  if (ts.isPrefixUnaryExpression(node)) {
    const isNegative = node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand);
    return isNegative ? { value: -Number(node.operand.text) } : null;
  }
  switch (node.kind) {
    case ts.SyntaxKind.NullKeyword:
      return { value: null };
    case ts.SyntaxKind.TrueKeyword:
      return { value: true };
    case ts.SyntaxKind.FalseKeyword:
      return { value: false };
  }
  if (ts.isArrayLiteralExpression(node)) {
    const items = node.elements.map(literalOf);
    return items.includes(null) ? null : { value: items.map((item) => item?.value) };
  }
  if (!ts.isObjectLiteralExpression(node)) return null;
  const properties = propertiesOf(node);
  return properties === null ? null : { value: Object.fromEntries(properties) };
}

/** The properties of an object of constants, in order; null where some of it is none. */
export function propertiesOf({ properties }: ts.ObjectLiteralExpression): Map<string, unknown> | null {
  const found = new Map<string, unknown>();
  for (const property of properties) {
    const name = property.name === undefined ? null : nameOf(property.name);
    const literal = ts.isPropertyAssignment(property) ? literalOf(property.initializer) : null;
    if (name === null || literal === null) return null;
    found.set(name, literal.value);
  }
  return found;
}

/** Also of `["__proto__"]`, as it has to be written. */
function nameOf(name: ts.PropertyName): string | null {
  const isText = ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression);
  return isText ? name.expression.text : staticName(name);
}
