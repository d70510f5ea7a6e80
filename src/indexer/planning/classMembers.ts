import { ts } from "ts-morph";
import type { ClassMembers } from "../../migration/facts.ts";
import { staticName } from "../syntax/expressions.ts";
import { hasModifier } from "./heldClasses.ts";

export function membersOf(node: ts.ClassLikeDeclaration): ClassMembers {
  const methods = new Set<string>();
  const hidden = new Set<string>();
  const names = new Set(assignedNames(node));
  const data: string[] = [];
  let open = isChanged(node);
  for (const member of node.members) {
    if (ts.isConstructorDeclaration(member)) {
      for (const parameter of member.parameters) {
        if (ts.isParameterPropertyDeclaration(parameter, member)) names.add(parameter.name.getText());
      }
      continue;
    }
    if (member.name === undefined || hasModifier(member, ts.SyntaxKind.StaticKeyword)) continue;
    const name = staticName(member.name);
    const isData = holdsData(member);
    if (name === null) open ||= !isData && !isSymbol(member.name);
    else {
      names.add(name);
      if (isData) data.push(name);
      if (isMethod(member)) (isPublic(member, name) ? methods : hidden).add(name);
    }
  }
  for (const name of data) names.delete(name);
  return { methods: [...methods], hidden: [...hidden], names: [...names], open };
}

/** A property such as `x = true` or `x: string | User`: no function is meant. */
function holdsData(member: ts.ClassElement): boolean {
  if (!ts.isPropertyDeclaration(member)) return false;
  const { type, initializer } = member;
  if (type === undefined) return initializer !== undefined && plainValues.has(initializer.kind);
  const alternatives = ts.isUnionTypeNode(type) ? [...type.types] : [type];
  return alternatives.some(({ kind }) => plainTypes.has(kind)) && !/=>|\bFunction\b/.test(type.getText());
}

const { SyntaxKind } = ts;
const plainTypes: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[
    SyntaxKind.StringKeyword,
    SyntaxKind.NumberKeyword,
    SyntaxKind.BooleanKeyword,
    SyntaxKind.BigIntKeyword,
  ],
  ...[SyntaxKind.SymbolKeyword, SyntaxKind.ArrayType, SyntaxKind.TupleType],
]);
const plainValues: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[SyntaxKind.StringLiteral, SyntaxKind.NumericLiteral, SyntaxKind.TrueKeyword, SyntaxKind.FalseKeyword],
  ...[SyntaxKind.ArrayLiteralExpression, SyntaxKind.ObjectLiteralExpression],
]);

/** `[Symbol.iterator]` */
const isSymbol = (name: ts.PropertyName): boolean =>
  ts.isComputedPropertyName(name) && /^Symbol\./.test(name.expression.getText());

function isMethod(member: ts.ClassElement): boolean {
  if (ts.isMethodDeclaration(member)) return true;
  if (!ts.isPropertyDeclaration(member)) return false;
  const { initializer, type } = member;
  if (initializer === undefined) return type !== undefined && ts.isFunctionTypeNode(type);
  return ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer);
}

function isPublic(member: ts.ClassElement, name: string): boolean {
  if (/^[#_]/.test(name)) return false;
  const kinds = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  if (kinds.some((kind) => hasModifier(member, kind))) return false;
  return ts.getJSDocPrivateTag(member) === undefined && ts.getJSDocProtectedTag(member) === undefined;
}

/** `this.name = …`, wherever in the class. */
function assignedNames(node: ts.ClassLikeDeclaration): string[] {
  const names: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (inner.kind < ts.SyntaxKind.FirstNode) return;
    if (
      ts.isBinaryExpression(inner) &&
      inner.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(inner.left) &&
      inner.left.expression.kind === ts.SyntaxKind.ThisKeyword
    ) {
      names.push(inner.left.name.text);
    }
    ts.forEachChild(inner, visit);
  };
  for (const member of node.members) visit(member);
  return names;
}

/** Decorators, functions such as Object.assign, the prototype and interfaces of the same name may add members. */
function isChanged(node: ts.ClassLikeDeclaration): boolean {
  if (ts.canHaveDecorators(node) && (ts.getDecorators(node)?.length ?? 0) > 0) return true;
  const source = node.getSourceFile();
  const name = node.name?.text;
  const prototype = name !== undefined && source.text.includes(`${name}.prototype`);
  const merged = source.statements.some((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  const code = source.text.slice(node.pos, node.end);
  return (
    prototype ||
    merged ||
    /\bthis\[|\breturn new Proxy\b|\b(?:assign|defineProperty|defineProperties)\(\s*this\b/.test(code)
  );
}
