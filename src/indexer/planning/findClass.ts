import { ts } from "ts-morph";
import { refusals } from "../../migration/refusals.ts";

export interface FoundClass {
  name: string;
  node: ts.ClassLikeDeclaration;
  /** The top-level statement that holds it. */
  statement: ts.Statement;
}

/** The class of that name at the top level of a file, or why there is none to wrap. */
export function findClass(
  source: ts.SourceFile,
  file: string,
  name: string,
): FoundClass | { refused: string } {
  if (name === "default") {
    const anonymous = source.statements.some(
      (statement) =>
        (ts.isClassDeclaration(statement) && statement.name === undefined) ||
        (ts.isExportAssignment(statement) && ts.isClassExpression(bare(statement.expression))),
    );
    return { refused: anonymous ? refusals.anonymous(file) : refusals.notFound(file, name) };
  }
  const found = source.statements.flatMap((statement) => inStatement(statement, name));
  if (found.length > 1) return { refused: refusals.ambiguous(file, name) };
  const [only] = found;
  if (only !== undefined) return only;
  return { refused: deeper(source, name) ?? refusals.notFound(file, name) };
}

function inStatement(statement: ts.Statement, name: string): FoundClass[] {
  if (ts.isClassDeclaration(statement)) {
    return statement.name?.text === name ? [{ name, node: statement, statement }] : [];
  }
  if (!ts.isVariableStatement(statement)) return [];
  const { declarations, flags } = statement.declarationList;
  const [declaration] = declarations;
  if (declarations.length !== 1 || (flags & ts.NodeFlags.Const) === 0 || !declaration?.initializer) return [];
  const { initializer, name: binding } = declaration;
  // With a type annotation the constant need not be constructible as the class is.
  if (!ts.isIdentifier(binding) || binding.text !== name || declaration.type) return [];
  return ts.isClassExpression(initializer) ? [{ name, node: initializer, statement }] : [];
}

function deeper(source: ts.SourceFile, name: string): string | null {
  let reason: string | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node) && node.name?.text === name) reason ??= refusals.nested(name);
    if (isConstructorFunction(node) && nameOfFunction(node) === name) {
      reason ??= refusals.constructorFunction(name);
    }
    if (ts.isClassExpression(node) && (node.name?.text === name || nameOfHolder(node) === name)) {
      reason ??= topLevel(node) ? refusals.nestedExpression(name) : refusals.nested(name);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return reason;
}

const isConstructorFunction = (node: ts.Node): node is ts.FunctionDeclaration | ts.FunctionExpression =>
  ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node);

const nameOfFunction = (node: ts.FunctionDeclaration | ts.FunctionExpression): string | null =>
  node.name?.text ?? (ts.isFunctionExpression(node) ? nameOfHolder(node) : null);

function nameOfHolder(node: ts.ClassExpression | ts.FunctionExpression): string | null {
  let holder: ts.Node = node.parent;
  while (ts.isCallExpression(holder) || ts.isParenthesizedExpression(holder)) holder = holder.parent;
  if (ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder)) {
    return ts.isIdentifier(holder.name) ? holder.name.text : null;
  }
  if (!ts.isBinaryExpression(holder)) return null;
  return ts.isPropertyAccessExpression(holder.left) ? holder.left.name.text : null;
}

function topLevel(node: ts.Node): boolean {
  const scope = ts.findAncestor(
    node.parent,
    (outer) =>
      ts.isFunctionLike(outer) || ts.isBlock(outer) || ts.isModuleBlock(outer) || ts.isClassLike(outer),
  );
  return scope === undefined;
}

function bare(expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) ? bare(expression.expression) : expression;
}
