import { ts } from "ts-morph";
import { staticName } from "./expressions.ts";
import type { Expr } from "./fileModel.ts";
import type { MakingModel, MakingOption } from "./makingModel.ts";

export type MakingNode = ts.NewExpression | ts.CallExpression;

interface Reading {
  file: ts.SourceFile;
  /** The function around it. */
  function: number | null;
  convert: (expression: ts.Expression) => Expr;
}

/** Reads everything but where it stands, which its surroundings tell. */
export function readMaking(node: MakingNode, { file, function: around, convert }: Reading): MakingModel {
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
  const given = node.arguments?.find((argument) => ts.isObjectLiteralExpression(argument));
  const options = (given?.properties ?? []).flatMap((property): MakingOption[] => {
    const read = optionOf(property, convert);
    return read === null ? [] : [{ ...read, line: lineOf(property.getStart(file)) }];
  });
  return {
    constructs: ts.isNewExpression(node),
    callee: convert(node.expression),
    calleeText: node.expression.getText(file).replace(/\s+/g, " ").slice(0, 80),
    name: null,
    label: given === undefined ? null : labelOf(given),
    line: lineOf(node.getStart(file)),
    endLine: lineOf(node.end),
    function: around,
    exported: null,
    docstring: null,
    options,
  };
}

function optionOf(
  property: ts.ObjectLiteralElementLike,
  convert: (expression: ts.Expression) => Expr,
): Omit<MakingOption, "line"> | null {
  const name = property.name === undefined ? null : staticName(property.name);
  if (name === null) return null;
  if (ts.isShorthandPropertyAssignment(property)) {
    return { name, values: [convert(property.name)], empty: false };
  }
  if (!ts.isPropertyAssignment(property)) return { name, values: [], empty: false };
  return { name, values: valuesOf(property.initializer).map(convert), empty: isEmpty(property.initializer) };
}

function valuesOf(value: ts.Expression): ts.Expression[] {
  if (ts.isArrayLiteralExpression(value)) {
    return value.elements.map((element) => (ts.isSpreadElement(element) ? element.expression : element));
  }
  if (!ts.isObjectLiteralExpression(value)) return [value];
  return value.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    return ts.isPropertyAssignment(property) ? [property.initializer] : [];
  });
}

function isEmpty(value: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0;
  const { NullKeyword, FalseKeyword } = ts.SyntaxKind;
  return value.kind === NullKeyword || value.kind === FalseKeyword || isUndefined(value);
}

const isUndefined = (value: ts.Expression): boolean => ts.isIdentifier(value) && value.text === "undefined";

/** The literal name, where there is one; an id says less. */
function labelOf(object: ts.ObjectLiteralExpression): string | null {
  for (const wanted of ["name", "id"]) {
    for (const property of object.properties) {
      if (!ts.isPropertyAssignment(property) || staticName(property.name) !== wanted) continue;
      const { initializer } = property;
      if (ts.isStringLiteralLike(initializer) && initializer.text.trim() !== "") return initializer.text;
    }
  }
  return null;
}
