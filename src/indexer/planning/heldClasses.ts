import { ts } from "ts-morph";
import { exportTarget } from "./commonJs.ts";
import { isClassOf } from "./mixins.ts";

/** A class that the top level of a file holds. */
export interface HeldClass {
  node: ts.ClassLikeDeclaration;
  /** What the index calls it, then what else it is called. */
  names: string[];
  /** The top-level statement that holds it. */
  statement: ts.Statement;
  /** How the file's own code names it; null where it has no name there. */
  reference: string | null;
  /** The variable that holds it. */
  variable: ts.VariableDeclaration | null;
}

/** Every class that is reached from the top level of a file: declared, held by a variable or namespace, or exported as a value. */
export function heldClasses(source: ts.SourceFile): HeldClass[] {
  return source.statements.flatMap((statement) => inStatement(source, statement, statement, ""));
}

function inStatement(
  source: ts.SourceFile,
  statement: ts.Statement,
  top: ts.Statement,
  prefix: string,
): HeldClass[] {
  const base = { statement: top, variable: null };
  if (ts.isClassDeclaration(statement)) {
    const name = statement.name?.text;
    return [
      {
        ...base,
        node: statement,
        names: [name ?? "default"],
        reference: name === undefined ? null : prefix + name,
      },
    ];
  }
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((variable) => {
      const { name, initializer } = variable;
      if (!ts.isIdentifier(name) || initializer === undefined) return [];
      const node = classValue(source, initializer);
      if (node === null) return [];
      return [{ ...base, node, names: namesOf(node, name.text), reference: prefix + name.text, variable }];
    });
  }
  if (ts.isModuleDeclaration(statement)) {
    if (!ts.isIdentifier(statement.name) || statement.body === undefined || isDeclared(statement)) return [];
    const inner = `${prefix}${statement.name.text}.`;
    if (ts.isModuleDeclaration(statement.body)) return inStatement(source, statement.body, top, inner);
    if (!ts.isModuleBlock(statement.body)) return [];
    return statement.body.statements
      .filter((each) => hasModifier(each, ts.SyntaxKind.ExportKeyword))
      .flatMap((each) => inStatement(source, each, top, inner));
  }
  return valuesOf(statement).flatMap(({ name, value }) => {
    const node = classValue(source, value);
    return node === null ? [] : [{ ...base, node, names: namesOf(node, name), reference: null }];
  });
}

/** What a module exports as a value, with the name it gets by that. */
function valuesOf(statement: ts.Statement): { name: string; value: ts.Expression }[] {
  if (ts.isExportAssignment(statement)) return [{ name: "default", value: statement.expression }];
  const target = exportTarget(statement);
  if (target === null) return [];
  if (!target.whole || !ts.isObjectLiteralExpression(target.value)) {
    return [{ name: target.property ?? "default", value: target.value }];
  }
  return target.value.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) && ts.isIdentifier(property.name)
      ? [{ name: property.name.text, value: property.initializer }]
      : [],
  );
}

/** The index prefers a class's own name. */
const namesOf = (node: ts.ClassLikeDeclaration, given: string): string[] =>
  node.name === undefined ? [given] : [node.name.text, given];

/** The class that an expression is: itself, or what a function of the file makes of it that gives nothing but classes. */
function classValue(source: ts.SourceFile, expression: ts.Expression): ts.ClassExpression | null {
  const value = bare(expression);
  if (ts.isClassExpression(value)) return value;
  if (!ts.isCallExpression(value)) return null;
  for (const [position, argument] of value.arguments.entries()) {
    const node = classValue(source, argument);
    if (node !== null && isClassOf(source, value.expression, position)) return node;
  }
  return null;
}

/** Without what changes neither value nor type. */
export function bare(expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) || ts.isSatisfiesExpression(expression)
    ? bare(expression.expression)
    : expression;
}

export const hasModifier = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);

export const isDeclared = (node: ts.Node): boolean => hasModifier(node, ts.SyntaxKind.DeclareKeyword);
