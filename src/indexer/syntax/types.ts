import { ts } from "ts-morph";
import type { Expr } from "./fileModel.ts";

const UNKNOWN: Expr = { kind: "unknown" };

/** The class a type speaks of: `Base<T>`, `typeof Base`, `new () => Base`, `typeof Mixin & (new () => Base)`. */
export function typeExpr(node: ts.TypeNode, scope: number): Expr {
  if (ts.isTypeReferenceNode(node)) return entityName(node.typeName, scope);
  if (ts.isTypeQueryNode(node)) {
    return ts.isImportTypeNode(node.exprName) ? imported(node.exprName) : entityName(node.exprName, scope);
  }
  if (ts.isImportTypeNode(node)) return imported(node);
  if (ts.isParenthesizedTypeNode(node)) return typeExpr(node.type, scope);
  if (ts.isConstructorTypeNode(node)) return typeExpr(node.type, scope);
  if (ts.isTypeLiteralNode(node)) {
    const made = node.members.find(ts.isConstructSignatureDeclaration)?.type;
    return made === undefined ? UNKNOWN : typeExpr(made, scope);
  }
  if (ts.isIntersectionTypeNode(node)) {
    const queried = node.types.find(ts.isTypeQueryNode);
    const known = node.types.map((type) => typeExpr(type, scope)).find(({ kind }) => kind !== "unknown");
    return queried === undefined ? (known ?? UNKNOWN) : typeExpr(queried, scope);
  }
  return UNKNOWN;
}

export function entityName(node: ts.EntityName, scope: number): Expr {
  if (ts.isIdentifier(node)) return { kind: "name", name: node.text, scope };
  return { kind: "member", object: entityName(node.left, scope), name: node.right.text };
}

/** `import("./base").Base`, also as `typeof import("./base").Base` */
function imported({ argument, qualifier }: ts.ImportTypeNode): Expr {
  if (!ts.isLiteralTypeNode(argument) || !ts.isStringLiteral(argument.literal)) return UNKNOWN;
  const module: Expr = { kind: "module", specifier: argument.literal.text, interop: "namespace" };
  const within = (name: ts.EntityName): Expr =>
    ts.isIdentifier(name)
      ? { kind: "member", object: module, name: name.text }
      : { kind: "member", object: within(name.left), name: name.right.text };
  return qualifier === undefined ? module : within(qualifier);
}
