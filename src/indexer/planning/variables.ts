import { ts } from "ts-morph";
import { refusals } from "../../migration/refusals.ts";

/** Why a variable that holds a class cannot stand for it, or null. */
export function variableRefusal(
  source: ts.SourceFile,
  name: string,
  variable: ts.VariableDeclaration,
): string | null {
  const list = variable.parent as ts.VariableDeclarationList;
  const isConst = (list.flags & ts.NodeFlags.Const) !== 0;
  if (!isConst && isAssigned(source, variable.name.getText(source))) return refusals.reassigned(name);
  if (variable.type === undefined || isConstructible(source, variable.type)) return null;
  return refusals.annotated(name, variable.type.getText(source).replace(/\s+/g, " "));
}

function isAssigned(source: ts.SourceFile, name: string): boolean {
  const names = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name) ||
    (ts.forEachChild(node, (child) => names(child) || undefined) ?? false);
  const visit = (node: ts.Node): boolean =>
    (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && names(node.left)) ||
    ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && names(node.initializer)) ||
    (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(source);
}

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

/** A type whose values can be constructed, and give objects. */
function isConstructible(source: ts.SourceFile, type: ts.TypeNode): boolean {
  if (ts.isConstructorTypeNode(type)) {
    const abstract = type.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) ?? false;
    return !abstract && type.typeParameters === undefined && isObjectType(source, type.type);
  }
  if (!ts.isTypeQueryNode(type) || !ts.isIdentifier(type.exprName)) return false;
  const { text } = type.exprName;
  return source.statements.some(
    (each) =>
      ts.isClassDeclaration(each) &&
      each.name?.text === text &&
      each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) !== true,
  );
}

function isObjectType(source: ts.SourceFile, type: ts.TypeNode): boolean {
  if (ts.isTypeLiteralNode(type)) return type.members.length > 0;
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return false;
  const { text } = type.typeName;
  return source.statements.some(
    (each) => (ts.isClassDeclaration(each) || ts.isInterfaceDeclaration(each)) && each.name?.text === text,
  );
}
