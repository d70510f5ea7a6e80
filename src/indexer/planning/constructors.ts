import { ts } from "ts-morph";
import { hasModifier } from "./heldClasses.ts";

/** "private" or "protected" where the class's own constructor is. */
export function hiddenConstructor(node: ts.ClassLikeDeclaration): "private" | "protected" | null {
  for (const member of node.members.filter(ts.isConstructorDeclaration)) {
    if (hasModifier(member, ts.SyntaxKind.PrivateKeyword) || ts.getJSDocPrivateTag(member)) return "private";
    if (hasModifier(member, ts.SyntaxKind.ProtectedKeyword) || ts.getJSDocProtectedTag(member)) {
      return "protected";
    }
  }
  return null;
}

/** In how many ways a class's own constructor can be called; 0 where it has none. */
export function signatureCount(node: ts.ClassLikeDeclaration): number {
  const all = node.members.filter(ts.isConstructorDeclaration);
  const [first] = all;
  if (first === undefined) return 0;
  const declared = all.length > 1 ? all.filter(({ body }) => body === undefined).length : 1;
  const documented = ts.getJSDocTags(first).filter(ts.isJSDocOverloadTag).length;
  return Math.max(declared, documented);
}

/** The declarations of its own overloads. */
export const overloadsOf = (node: ts.ClassLikeDeclaration): ts.ConstructorDeclaration[] =>
  node.members.filter(ts.isConstructorDeclaration).filter(({ body }) => body === undefined);
