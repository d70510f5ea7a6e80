import { ts } from "ts-morph";
import { isJavaScript } from "./moduleSyntax.ts";

/** Whether a function of the file, called with a class at a position, gives that class or one that extends it, and the types say so. */
export function isClassOf(source: ts.SourceFile, callee: ts.Expression, position: number): boolean {
  if (!ts.isIdentifier(callee)) return false;
  const found = functionOf(source, callee.text);
  const parameter = found?.parameters[position];
  if (found?.body === undefined || parameter === undefined || !ts.isIdentifier(parameter.name)) return false;
  if (parameter.dotDotDotToken !== undefined || isAsynchronous(found)) return false;
  const given = parameter.name.text;
  const values = returned(found.body);
  if (values.length === 0) return false;
  const same = parameter.type !== undefined && isTypeParameter(found, parameter.type);
  const typed = isJavaScript(source.fileName) || same;
  if (found.type !== undefined && !(same && found.type.getText(source) === parameter.type.getText(source))) {
    return false;
  }
  return values.every((value) =>
    ts.isIdentifier(value)
      ? (value.text === given && typed) || extendsName(localClass(found, value.text), given)
      : ts.isClassExpression(value) && extendsName(value, given),
  );
}

type Found = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

function functionOf(source: ts.SourceFile, name: string): Found | null {
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) return statement;
    if (!ts.isVariableStatement(statement)) continue;
    if ((statement.declarationList.flags & ts.NodeFlags.Const) === 0) continue;
    for (const { name: binding, initializer, type } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(binding) || binding.text !== name || initializer === undefined || type) continue;
      if (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) return initializer;
    }
  }
  return null;
}

const isAsynchronous = (node: Found): boolean =>
  (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) ? node.asteriskToken : undefined) !==
    undefined ||
  (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false);

function isTypeParameter({ typeParameters }: Found, type: ts.TypeNode): boolean {
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return false;
  const { text } = type.typeName;
  return typeParameters?.some(({ name }) => name.text === text) ?? false;
}

/** The values that a function returns itself, not the functions in it. */
function returned(body: ts.ConciseBody): ts.Expression[] {
  if (!ts.isBlock(body)) return [withoutParentheses(body)];
  const values: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) {
      values.push(withoutParentheses(node.expression));
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  // Where the end is reached without a value, nothing is returned.
  return body.statements.at(-1)?.kind === ts.SyntaxKind.ReturnStatement ? values : [];
}

const withoutParentheses = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;

function localClass({ body }: Found, name: string): ts.ClassLikeDeclaration | null {
  if (body === undefined || !ts.isBlock(body)) return null;
  return body.statements.filter(ts.isClassDeclaration).find((each) => each.name?.text === name) ?? null;
}

function extendsName(node: ts.ClassLikeDeclaration | null, name: string): boolean {
  const clause = node?.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const base = clause?.types[0]?.expression;
  return base !== undefined && ts.isIdentifier(base) && base.text === name;
}
