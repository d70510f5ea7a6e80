import { ts } from "ts-morph";
import { mappedNames } from "../../migration/mappedOptions.ts";
import { propertiesOf } from "./literals.ts";
import { nameOf } from "./runtimeNames.ts";

export interface AdapterConstructor {
  /** What the adapter is told of the agent, where that is constants alone. */
  options: ReadonlyMap<string, unknown>;
  /** What the constructor calls the class that it makes the agent of: `X`, `Space.X`. */
  legacy: string | null;
  /** Its class holds nothing but what migrations write. */
  plain: boolean;
}

const written = new Set<string>(["agentType", "name", "method", "capabilities", ...mappedNames]);

/** Reads the one statement of an adapter: `super(new X(...args), { … })`. */
export function constructorOf(node: ts.ClassDeclaration): AdapterConstructor {
  const all = node.members.filter(ts.isConstructorDeclaration);
  const own = all.find(({ body }) => body !== undefined);
  const statements = own?.body?.statements ?? [];
  const [made, told, ...more] = statements.flatMap(superArguments);
  const properties = told !== undefined && ts.isObjectLiteralExpression(told) ? propertiesOf(told) : null;
  const isMade = made !== undefined && ts.isNewExpression(made);
  const plain = [
    all.length === node.members.length && node.heritageClauses?.length === 1,
    statements.length === 1 && more.length === 0,
    isTheRest(own?.parameters) && isMade && passesAll(made),
    properties !== null && [...properties.keys()].every((name) => written.has(name)),
  ].every(Boolean);
  return { options: properties ?? new Map(), legacy: isMade ? nameOf(made.expression) : null, plain };
}

function superArguments(statement: ts.Statement): readonly ts.Expression[] {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return [];
  const { expression, arguments: args } = statement.expression;
  return expression.kind === ts.SyntaxKind.SuperKeyword ? args : [];
}

function isTheRest(parameters: readonly ts.ParameterDeclaration[] = []): boolean {
  const [only, ...more] = parameters;
  return only?.dotDotDotToken !== undefined && more.length === 0;
}

function passesAll({ arguments: args }: ts.NewExpression): boolean {
  const [only, ...more] = args ?? [];
  return only !== undefined && ts.isSpreadElement(only) && more.length === 0;
}
