import { ts } from "ts-morph";
import type { Point, Room } from "../../migration/facts.ts";
import { exportTarget } from "./commonJs.ts";
import { endOf, pointAfter } from "./points.ts";

/** Where the adapter is exported: after the statement that settles what the module exports, as a further name. */
export function commonJsExport(
  source: ts.SourceFile,
  text: string,
  name: string,
  end: Point,
): Room["exportAt"] {
  const targets = source.statements.map(exportTarget).filter((target) => target !== null);
  const later = (statement: ts.Statement) => {
    const point = pointAfter(text, endOf(source, statement));
    return point.offset > end.offset ? point : end;
  };
  const whole = targets.findLast((target) => target.whole);
  if (whole !== undefined) {
    const value = ts.isIdentifier(whole.value) ? whole.value.text : null;
    const open =
      ts.isObjectLiteralExpression(whole.value) || value === name || isTopLevelClass(source, value);
    return open ? { point: later(whole.statement), target: "module.exports" } : null;
  }
  const own = targets.findLast(({ value }) => ts.isIdentifier(value) && value.text === name);
  return own === undefined
    ? { point: end, target: targets.at(-1)?.object ?? "module.exports" }
    : { point: later(own.statement), target: own.object };
}

function isTopLevelClass(source: ts.SourceFile, name: string | null): boolean {
  return name !== null && source.statements.some((s) => ts.isClassDeclaration(s) && s.name?.text === name);
}
