import { ts } from "ts-morph";
import { refusals } from "../../migration/refusals.ts";
import { heldClasses, type HeldClass } from "./heldClasses.ts";
import { variableRefusal } from "./variables.ts";

/** The class of that name at the top level of a file, or why there is none to wrap. */
export function findClass(
  source: ts.SourceFile,
  file: string,
  name: string,
): HeldClass | { refused: string } {
  if (name === "") return { refused: refusals.unnamed(file) };
  const held = heldClasses(source);
  const first = held.filter(({ names }) => names[0] === name);
  const found = first.length > 0 ? first : held.filter(({ names }) => names.includes(name));
  if (found.length > 1) return { refused: refusals.ambiguous(file, name) };
  const [only] = found;
  if (only === undefined) return { refused: deeper(source, name) ?? refusals.notFound(file, name) };
  const reason = only.variable === null ? null : variableRefusal(source, name, only.variable);
  return reason === null ? only : { refused: reason };
}

function deeper(source: ts.SourceFile, name: string): string | null {
  let reason: string | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node) && node.name?.text === name) {
      reason ??= ts.isModuleBlock(node.parent) ? refusals.namespaced(name) : refusals.nested(name);
    }
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
