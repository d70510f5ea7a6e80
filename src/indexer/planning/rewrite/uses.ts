import { ts } from "ts-morph";
import { calls } from "./calls.ts";
import { Mentions } from "./mentions.ts";

export interface Use {
  node: ts.Node;
  /** After the name of the class. */
  why: string;
}

interface Context {
  checker: ts.TypeChecker;
  mentions: Mentions;
  /** The method that is renamed. */
  method: string;
}

const leaves = "is seen as something else";
const unknown = "is used in a way that is not understood";

/**
 * The first use in a file that could tell the rewritten class from the old one, or null. The rule: an instance is only
 * ever seen as an instance, and nothing is asked of it but its own other members. Whatever else happens to it is such a use.
 */
export function telltaleUse(source: ts.SourceFile, context: Context): Use | null {
  const { checker, mentions } = context;
  let found: Use | null = null;
  const report = (node: ts.Node, why: string | null) => {
    if (why !== null) found ??= { node, why };
  };
  const visit = (node: ts.Node): void => {
    if (found !== null || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (isName(node, "arguments") || isName(node, "eval"))
      report(node, `may be among "${node.getText(source)}"`);
    if (ts.isObjectBindingPattern(node) && mentions.in(checker.getTypeAtLocation(node)))
      report(node, ofPattern(node, context));
    if (ts.isCallExpression(node)) report(node, calls.ofContainer(node, context));
    if (ts.isBinaryExpression(node) && reassignsMethod(node, checker))
      report(node, "may be passed to what is assigned");
    if (isUse(node) && mentions.in(checker.getTypeAtLocation(node)))
      report(node, ofExpression(node, context));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isName(node: ts.Node, text: string): boolean {
  return (
    ts.isIdentifier(node) &&
    node.text === text &&
    !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)
  );
}

/** An expression whose value is used, not a name that is declared. */
function isUse(node: ts.Node): node is ts.Expression {
  if (!ts.isExpression(node) || ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return false;
  if (ts.isExpressionWithTypeArguments(node)) return false;
  const { parent } = node;
  if ("name" in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent)) return false;
  if ("propertyName" in parent && parent.propertyName === node) return false;
  return !ts.isFunctionLike(parent) || ("body" in parent && parent.body === node);
}

function ofPattern({ elements }: ts.ObjectBindingPattern, { method }: Context): string | null {
  for (const { propertyName, name, dotDotDotToken } of elements) {
    const key = propertyName ?? name;
    if (dotDotDotToken || !ts.isIdentifier(key)) return "is taken apart";
    if (key.text === method) return `has its ${method} taken`;
  }
  return null;
}

function ofExpression(node: ts.Expression, context: Context): string | null {
  const { checker, mentions, method } = context;
  let child: ts.Node = node;
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent))
    [child, parent] = [parent, parent.parent];
  const type = checker.getTypeAtLocation(node);
  const seenAs = (target: ts.Type | undefined) =>
    target !== undefined && mentions.keeps(type, target) ? null : leaves;
  const declared = (typed: ts.TypeNode | undefined) =>
    typed === undefined ? null : seenAs(checker.getTypeFromTypeNode(typed));

  if (ts.isPropertyAccessExpression(parent)) {
    const called = parent.name.text === method && mentions.isOwn(type);
    return called ? `has its ${method} called or taken` : null;
  }
  if (ts.isElementAccessExpression(parent)) {
    if (parent.argumentExpression === child) return unknown;
    const key = checker.getTypeAtLocation(parent.argumentExpression);
    if ((key.flags & ts.TypeFlags.NumberLike) !== 0) return null;
    return key.isStringLiteral() && key.value !== method ? null : "is asked for a member by a computed name";
  }
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    return parent.expression === child ? null : calls.ofArgument(parent, child, context);
  }
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isParameter(parent)) {
    return declared(parent.type);
  }
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === child)) {
    const owner = ts.findAncestor(parent, ts.isFunctionLike);
    if (owner?.type === undefined) return null;
    const answer = checker.getTypeFromTypeNode(owner.type);
    return mentions.keeps(type, answer) || mentions.keeps(type, checker.getAwaitedType(answer) ?? answer)
      ? null
      : leaves;
  }
  if (ts.isAsExpression(parent) || ts.isTypeAssertionExpression(parent)) return declared(parent.type);
  if (ts.isBinaryExpression(parent)) return ofBinary(parent, child, context, seenAs);
  if (ts.isConditionalExpression(parent) || ts.isExpressionStatement(parent) || ts.isAwaitExpression(parent))
    return null;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return null;
  if (ts.isPrefixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.ExclamationToken ? null : unknown;
  if (ts.isForOfStatement(parent)) return null;
  if (ts.isArrayLiteralExpression(parent) || ts.isExportAssignment(parent)) return null;
  if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) return null;
  if (ts.isSpreadElement(parent) && ts.isArrayLiteralExpression(parent.parent)) return null;
  if (ts.isExpressionWithTypeArguments(parent)) return "has an heir";
  return unknown;
}

function ofBinary(
  { left, operatorToken, right }: ts.BinaryExpression,
  child: ts.Node,
  { checker, mentions }: Context,
  seenAs: (target: ts.Type) => string | null,
): string | null {
  const { SyntaxKind } = ts;
  switch (operatorToken.kind) {
    case SyntaxKind.EqualsToken:
    case SyntaxKind.QuestionQuestionEqualsToken:
    case SyntaxKind.BarBarEqualsToken:
      return child === left ? null : seenAs(checker.getTypeAtLocation(left));
    case SyntaxKind.EqualsEqualsEqualsToken:
    case SyntaxKind.ExclamationEqualsEqualsToken:
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.BarBarToken:
    case SyntaxKind.QuestionQuestionToken:
      return null;
    case SyntaxKind.InstanceOfKeyword:
      return mentions.isOwn(checker.getTypeAtLocation(right)) ? null : "is asked what it is an instance of";
    default:
      return unknown;
  }
}

function reassignsMethod({ left, operatorToken }: ts.BinaryExpression, checker: ts.TypeChecker): boolean {
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) return false;
  const declaration = checker.getSymbolAtLocation(left)?.valueDeclaration;
  return declaration !== undefined && ts.isMethodDeclaration(declaration);
}
