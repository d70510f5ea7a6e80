import { ts } from "ts-morph";
import type { ClassReader, Naming } from "./classReader.ts";
import { staticName, toExpr, type Registered } from "./expressions.ts";
import type { ClassModel, Expr, FileModel } from "./fileModel.ts";

/** A function that may turn out to be a class, with its own name or the one it is given. */
export interface Maker {
  node: ts.FunctionLikeDeclaration;
  naming: Naming;
}

/** What a statement adds to a class: a base, or members as they stand in an object. */
interface Addition {
  owner: ts.Expression;
  scope: number;
  statement: ts.Node;
  base: ts.Expression | null;
  members: readonly Part[];
}

/** A named value that is put on a prototype. */
interface Part {
  name: ts.PropertyName | ts.MemberName;
  value: ts.Node;
  comment: ts.Node;
}

const COPIES = /^(?:assign|extend|mixin|merge|defaults)$/;

/** Classes as JavaScript had them before `class`: constructor functions, and what is put on their prototypes. */
export class Prototypes {
  readonly #file: ts.SourceFile;
  readonly #model: FileModel;
  readonly #reader: ClassReader;
  readonly #registered: Registered;
  readonly #makers = new Map<number, Maker>();
  readonly #additions: Addition[] = [];
  /** By text: what `App.Agent = …` was set to, and whose prototype `proto` is. */
  readonly #assigned = new Map<string, Expr>();
  readonly #aliases = new Map<string, ts.Expression>();

  constructor(file: ts.SourceFile, model: FileModel, reader: ClassReader, registered: Registered) {
    this.#file = file;
    this.#model = model;
    this.#reader = reader;
    this.#registered = registered;
  }

  addFunction(index: number, maker: Maker): void {
    this.#makers.set(index, maker);
  }

  /** `var proto = Agent.prototype` */
  addVariable(name: string, value: ts.Expression): void {
    const owner = ownerOfPrototype(lastValue(value));
    if (owner !== null) this.#aliases.set(name, owner);
  }

  addStatement(statement: ts.ExpressionStatement, scope: number): void {
    const { expression } = statement;
    if (ts.isCallExpression(expression)) this.#addCall(expression, scope, statement);
    const value = lastValue(expression);
    for (let rest = assignmentOf(expression); rest !== null; rest = assignmentOf(rest.right)) {
      this.#addAssignment(rest.left, value, scope, statement);
    }
  }

  /** Makes classes of the functions that are some, once all statements are known. */
  finish(): void {
    for (const [index, { node, naming }] of this.#makers) {
      if (this.#reader.makesMethods(node, naming)) this.#promote(index);
    }
    for (const addition of this.#additions) {
      const found = this.#classOf(this.#expr(addition.owner, addition.scope), 0);
      if (found === null) continue;
      this.#apply(addition, found);
      const { line, endLine } = this.#reader.extentOf(addition.statement);
      const interrupted = this.#model.classes.some(
        (other) => other.line > found.endLine && other.line < line,
      );
      if (!interrupted) found.endLine = Math.max(found.endLine, endLine);
    }
  }

  #addCall(call: ts.CallExpression, scope: number, statement: ts.Node): void {
    const callee = calleeName(call);
    const [first, second, ...more] = call.arguments;
    if (first === undefined || second === undefined) return;
    const add = (owner: ts.Expression, base: ts.Expression | null, members: readonly Part[] = []) =>
      void this.#additions.push({ owner, scope, statement, base, members });
    if (/^inherits?$/.test(callee)) add(first, second);
    else if (callee === "setPrototypeOf") {
      const owner = ownerOfPrototype(first);
      const base = ownerOfPrototype(second);
      if (owner !== null && base !== null) add(owner, base);
    } else if (COPIES.test(callee)) {
      const owner = this.#prototypeOwner(first);
      if (owner === null) return;
      for (const source of [second, ...more]) add(owner, ownerOfPrototype(source), partsOf(source));
    }
  }

  #addAssignment(left: ts.Expression, value: ts.Expression, scope: number, statement: ts.Node): void {
    if (!ts.isPropertyAccessExpression(left) && !ts.isElementAccessExpression(left)) return;
    const add = (owner: ts.Expression, base: ts.Expression | null, members: readonly Part[]) =>
      void this.#additions.push({ owner, scope, statement, base, members });
    const whole = ownerOfPrototype(left);
    const owner = this.#prototypeOwner(left.expression);
    if (whole !== null) {
      const [base, members] = prototypeOf(value);
      add(whole, base, members);
    } else if (owner !== null && ts.isPropertyAccessExpression(left)) {
      if (left.name.text === "__proto__") add(owner, ownerOfPrototype(value), []);
      else if (left.name.text !== "constructor")
        add(owner, null, [{ name: left.name, value, comment: statement }]);
    } else if (ts.isFunctionExpression(value) || ts.isClassExpression(value)) {
      this.#assigned.set(left.getText(this.#file), this.#expr(value, scope));
    }
  }

  /** Whose prototype an expression is: `Agent` of `Agent.prototype`, also where a variable holds it. */
  #prototypeOwner(node: ts.Expression): ts.Expression | null {
    return ownerOfPrototype(node) ?? (ts.isIdentifier(node) ? (this.#aliases.get(node.text) ?? null) : null);
  }

  #apply({ base, members, scope }: Addition, model: ClassModel): void {
    if (base !== null && model.extends === null) {
      model.extends = this.#expr(base, scope);
      model.extendsText = base.getText(this.#file).replace(/\s+/g, " ");
    }
    for (const { name, value, comment } of members) {
      const code = ts.isIdentifier(value) ? this.#functionNamed(value.text, scope) : value;
      if (code !== null) this.#reader.addAssigned(name, code, comment, model);
    }
  }

  #expr(node: ts.Expression, scope: number): Expr {
    const assigned = this.#assigned.get(node.getText(this.#file));
    return assigned ?? toExpr(node, scope, this.#registered);
  }

  /** The class that an expression names within this file; a function becomes one. */
  #classOf(expr: Expr | undefined, depth: number): ClassModel | null {
    if (expr === undefined || depth > 10) return null;
    if (expr.kind === "class") return this.#model.classes[expr.index] ?? null;
    if (expr.kind === "function") return this.#promote(expr.index);
    if (expr.kind === "name") return this.#classOf(this.#bound(expr.name, expr.scope), depth + 1);
    if (expr.kind !== "member" || expr.object.kind !== "name") return null;
    if (expr.object.name === "exports") return this.#classOf(this.#model.exports.get(expr.name), depth + 1);
    const isModule = expr.object.name === "module" && expr.name === "exports";
    return isModule ? this.#classOf(this.#model.commonjs ?? undefined, depth + 1) : null;
  }

  #bound(name: string, start: number): Expr | undefined {
    for (
      let scope: number | null = start;
      scope !== null;
      scope = this.#model.scopes[scope]?.parent ?? null
    ) {
      const bound = this.#model.scopes[scope]?.names.get(name);
      if (bound !== undefined) return bound;
    }
    return undefined;
  }

  #functionNamed(name: string, scope: number): ts.Node | null {
    const bound = this.#bound(name, scope);
    return bound?.kind === "function" ? (this.#makers.get(bound.index)?.node ?? null) : null;
  }

  #promote(index: number): ClassModel | null {
    const made = this.#model.functions[index];
    const maker = this.#makers.get(index);
    if (made === undefined || maker === undefined || ts.isArrowFunction(maker.node)) return null;
    if (made.constructs === null) {
      const model = this.#reader.readConstructor(maker.node, maker.naming);
      made.constructs = this.#model.classes.push(model) - 1;
    }
    return this.#model.classes[made.constructs] ?? null;
  }
}

/** The assignment that an expression is, also in brackets. */
export function assignmentOf(node: ts.Expression): ts.BinaryExpression | null {
  if (ts.isParenthesizedExpression(node)) return assignmentOf(node.expression);
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken ? node : null;
}

function lastValue(node: ts.Expression): ts.Expression {
  const assignment = assignmentOf(node);
  return assignment === null ? node : lastValue(assignment.right);
}

function calleeName({ expression }: ts.CallExpression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
}

/** `Agent` of `Agent.prototype` */
function ownerOfPrototype(node: ts.Expression): ts.Expression | null {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "prototype") return null;
  const { expression: owner } = node;
  return ts.isIdentifier(owner) && owner.text === "Object" ? null : owner;
}

/** The base and the members in what a prototype is set to. */
function prototypeOf(value: ts.Expression): [ts.Expression | null, Part[]] {
  if (ts.isNewExpression(value)) return [value.expression, []];
  if (!ts.isCallExpression(value)) return [ownerOfPrototype(value), partsOf(value)];
  const [first, ...more] = value.arguments;
  if (first === undefined) return [null, []];
  if (calleeName(value) === "create") return [ownerOfPrototype(first), []];
  return COPIES.test(calleeName(value)) ? [prototypeOf(first)[0], more.flatMap(partsOf)] : [null, []];
}

function partsOf(value: ts.Expression): Part[] {
  if (!ts.isObjectLiteralExpression(value)) return [];
  return value.properties.flatMap((member): Part[] => {
    const { name } = member;
    if (name === undefined || staticName(name) === null || staticName(name) === "constructor") return [];
    const value = ts.isPropertyAssignment(member)
      ? member.initializer
      : ts.isShorthandPropertyAssignment(member)
        ? member.name
        : member;
    return [{ name, value, comment: member }];
  });
}
