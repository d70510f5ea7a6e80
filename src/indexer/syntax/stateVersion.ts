import { ts } from "ts-morph";

/** The number in `get stateVersion() { return 2; }` or `stateVersion = 2`; null for all else. */
export function stateVersionIn(member: ts.ClassElement): number | null {
  if (member.name === undefined || !ts.isIdentifier(member.name) || member.name.text !== "stateVersion")
    return null;
  if (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) return null;
  const value = valueOf(member);
  if (value === undefined || !ts.isNumericLiteral(value)) return null;
  const version = Number(value.text);
  return Number.isSafeInteger(version) && version >= 1 ? version : null;
}

function valueOf(member: ts.ClassElement): ts.Expression | undefined {
  if (ts.isPropertyDeclaration(member)) return member.initializer;
  if (!ts.isGetAccessor(member)) return undefined;
  const [only, more] = member.body?.statements ?? [];
  return only !== undefined && more === undefined && ts.isReturnStatement(only) ? only.expression : undefined;
}
