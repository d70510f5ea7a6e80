import { ts } from "ts-morph";
import { mentionsAgent } from "../agentName.ts";
import type { Expr } from "./fileModel.ts";

/** Names of methods called on what the code calls an agent: `this.agents.get(id).execute(…)` gives "get" and "execute". */
export function agentCalls(body: ts.Node): string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (node.kind < ts.SyntaxKind.FirstNode) return;
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression: receiver, name } = node.expression;
      if (receiverNames(receiver).some(mentionsAgent)) found.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return [...found];
}

/** `this.registry.getAgent(id)!` → ["getAgent", "registry"] */
function receiverNames(node: ts.Expression): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) return [node.name.text];
  if (ts.isElementAccessExpression(node)) return receiverNames(node.expression);
  if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
    return receiverNames(node.expression);
  }
  if (ts.isAwaitExpression(node)) return receiverNames(node.expression);
  if (!ts.isCallExpression(node)) return [];
  const { expression: callee } = node;
  return ts.isPropertyAccessExpression(callee)
    ? [callee.name.text, ...receiverNames(callee.expression)]
    : receiverNames(callee);
}

/** The class X of `super(new X(…), …)`. */
export function superNew(
  constructor: ts.ConstructorDeclaration,
  convert: (expression: ts.Expression) => Expr,
): Expr | null {
  for (const statement of constructor.body?.statements ?? []) {
    if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) continue;
    if (statement.expression.expression.kind !== ts.SyntaxKind.SuperKeyword) continue;
    const [argument] = statement.expression.arguments;
    return argument !== undefined && ts.isNewExpression(argument) ? convert(argument.expression) : null;
  }
  return null;
}

/** The `this.name = value` statements of a constructor. */
export function assignedFields(
  constructor: ts.FunctionLikeDeclaration,
): { name: ts.MemberName; value: ts.Expression; statement: ts.Node }[] {
  const { body } = constructor;
  if (body === undefined || !ts.isBlock(body)) return [];
  return body.statements.flatMap((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return [];
    const { left, operatorToken, right } = statement.expression;
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) return [];
    const isOwn = left.expression.kind === ts.SyntaxKind.ThisKeyword;
    return isOwn ? [{ name: left.name, value: right, statement }] : [];
  });
}
