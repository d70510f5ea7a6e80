import { ts } from "ts-morph";
import { staticName, toExpr, type Registered } from "./expressions.ts";
import type { Expr, Use } from "./fileModel.ts";

/** Names that never stand for a class of a workspace. */
const BUILT_IN =
  /^(?:[a-z_$].*|Map|Set|WeakMap|WeakSet|Array|Object|String|Number|Boolean|Date|Promise|RegExp|JSON|Math|Buffer|URL|AbortController|Readonly\w*|Record|Partial|Pick|Omit|\w*Error|EventEmitter)$/;
const REGISTERS = /^(?:register|add|enrol|attach)/i;
/** Methods of collections that answer with what is in them, or hand it to a function. */
const READS = /^(?:get|at|pop|shift|find|findLast|values|filter|slice|sort|toSorted|concat|from|of|reverse)$/;
const EACH = /^(?:forEach|map|flatMap|filter|find|findLast|some|every|sort|reduce)$/;

/** What the code of a class does with instances of classes it names: by `new`, by annotations, or by their fields. */
export class UseReader {
  readonly #scope: number;
  readonly #file: Registered;
  readonly #lineOf: (node: ts.Node) => number;
  readonly #fields = new Map<string, Expr[]>();
  readonly #results = new Map<string, Expr[]>();
  #locals = new Map<string, Expr[]>();
  readonly #uses = new Map<string, Use>();

  constructor(scope: number, file: Registered, lineOf: (node: ts.Node) => number) {
    this.#scope = scope;
    this.#file = file;
    this.#lineOf = lineOf;
  }

  read(node: ts.ClassLikeDeclaration): Use[] {
    for (const member of node.members) this.#declare(member);
    for (const member of node.members) {
      this.#locals = new Map();
      ts.forEachChild(member, (child) => this.#visit(child));
    }
    return [...this.#uses.values()];
  }

  #declare(member: ts.ClassElement): void {
    if (ts.isPropertyDeclaration(member)) {
      this.#field(staticName(member.name), [
        ...typesIn(member.type, this.#scope),
        ...this.#typesOf(member.initializer),
      ]);
    } else if (ts.isConstructorDeclaration(member)) {
      this.#locals = new Map();
      for (const parameter of member.parameters) {
        const types = typesIn(parameter.type, this.#scope);
        if (!ts.isIdentifier(parameter.name)) continue;
        this.#locals.set(parameter.name.text, types);
        if (ts.isParameterPropertyDeclaration(parameter, member)) this.#field(parameter.name.text, types);
      }
      for (const statement of member.body?.statements ?? []) {
        if (ts.isExpressionStatement(statement)) this.#assigned(statement.expression);
      }
    } else if (ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) {
      const name = staticName(member.name);
      if (name === null) return;
      const into = ts.isGetAccessor(member) ? this.#fields : this.#results;
      into.set(name, typesIn(member.type, this.#scope));
    }
  }

  /** `this.planner = new Planner()`, `this.planner = planner` */
  #assigned(node: ts.Expression): void {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    if (isThisMember(node.left)) this.#field(node.left.name.text, this.#typesOf(node.right));
  }

  #field(name: string | null, types: Expr[]): void {
    if (name !== null && types.length > 0)
      this.#fields.set(name, [...(this.#fields.get(name) ?? []), ...types]);
  }

  #visit(node: ts.Node): void {
    if (ts.isClassLike(node) || ts.isTypeNode(node)) return;
    if (ts.isNewExpression(node)) this.#note("constructs", [this.#expr(node.expression)], node);
    else if (ts.isCallExpression(node)) this.#call(node);
    else if (ts.isVariableDeclaration(node))
      this.#local(node.name, node.type, this.#typesOf(node.initializer));
    else if (ts.isParameter(node)) this.#local(node.name, node.type, []);
    else if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer)) {
      const [declared] = node.initializer.declarations;
      const types = this.#typesOf(node.expression);
      if (declared !== undefined) this.#bind(declared.name, types);
      // The declaration itself has neither type nor value.
      this.#visit(node.expression);
      this.#visit(node.statement);
      return;
    }
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  #call(node: ts.CallExpression): void {
    const { expression: callee } = node;
    if (!ts.isPropertyAccessExpression(callee)) return;
    const types = this.#typesOf(callee.expression);
    if (REGISTERS.test(callee.name.text)) {
      for (const argument of node.arguments) this.#note("registers", this.#typesOf(argument), argument);
    }
    if (EACH.test(callee.name.text)) {
      const [each] = node.arguments;
      if (each !== undefined && ts.isFunctionLike(each)) {
        for (const { name } of each.parameters) this.#bind(name, types);
      }
    } else if (!isCollection(callee)) this.#note("calls", types, node);
  }

  #local(name: ts.BindingName, type: ts.TypeNode | undefined, value: readonly Expr[]): void {
    const types = [...typesIn(type, this.#scope), ...value];
    if (types.length > 0) this.#bind(name, types);
  }

  #bind(name: ts.BindingName, types: Expr[]): void {
    if (ts.isIdentifier(name)) this.#locals.set(name.text, types);
    else if (ts.isArrayBindingPattern(name)) {
      for (const element of name.elements) if (ts.isBindingElement(element)) this.#bind(element.name, types);
    }
  }

  /** The classes whose instance (or which themselves) an expression may be. */
  #typesOf(node: ts.Expression | undefined): Expr[] {
    if (node === undefined) return [];
    if (ts.isIdentifier(node)) return this.#locals.get(node.text) ?? named([this.#expr(node)]);
    if (isThisMember(node)) return this.#fields.get(node.name.text) ?? [];
    if (ts.isPropertyAccessExpression(node))
      return /^[A-Z]/.test(node.name.text) ? named([this.#expr(node)]) : [];
    if (ts.isNewExpression(node)) {
      const contents = [...(node.typeArguments ?? [])].flatMap((type) => typesIn(type, this.#scope));
      return [...named([this.#expr(node.expression)]), ...contents];
    }
    if (ts.isAsExpression(node))
      return [...typesIn(node.type, this.#scope), ...this.#typesOf(node.expression)];
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isAwaitExpression(node) ||
      ts.isElementAccessExpression(node) ||
      ts.isSpreadElement(node)
    ) {
      return this.#typesOf(node.expression);
    }
    if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((element) => this.#typesOf(element));
    if (ts.isConditionalExpression(node))
      return [...this.#typesOf(node.whenTrue), ...this.#typesOf(node.whenFalse)];
    if (ts.isBinaryExpression(node)) return [...this.#typesOf(node.left), ...this.#typesOf(node.right)];
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
    const { expression: receiver, name } = node.expression;
    if (receiver.kind === ts.SyntaxKind.ThisKeyword) return this.#results.get(name.text) ?? [];
    if (ts.isIdentifier(receiver) && /^(?:Array|Object)$/.test(receiver.text))
      return this.#typesOf(node.arguments[0]);
    return READS.test(name.text) ? this.#typesOf(receiver) : [];
  }

  #note(how: Use["how"], types: readonly Expr[], node: ts.Node): void {
    for (const of of named(types)) {
      const key = `${how} ${JSON.stringify(of)}`;
      if (!this.#uses.has(key)) this.#uses.set(key, { how, of, line: this.#lineOf(node) });
    }
  }

  #expr(node: ts.Expression): Expr {
    return toExpr(node, this.#scope, this.#file);
  }
}

function isThisMember(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

/** `this.agents.get(id)` asks a map, no agent. */
const isCollection = ({ name }: ts.PropertyAccessExpression): boolean =>
  READS.test(name.text) ||
  /^(?:set|has|delete|push|unshift|keys|entries|clear|join|includes|indexOf|catch|then)$/.test(name.text);

const named = (types: readonly Expr[]): Expr[] =>
  types.filter((type) => (type.kind === "name" && !BUILT_IN.test(type.name)) || type.kind === "member");

/** Every class an annotation names: of `Map<string, Planner | Writer>` both. */
function typesIn(node: ts.TypeNode | undefined, scope: number): Expr[] {
  if (node === undefined) return [];
  const found: Expr[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isFunctionTypeNode(inner)) return;
    if (ts.isTypeReferenceNode(inner)) found.push(entity(inner.typeName, scope));
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return named(found);
}

function entity(name: ts.EntityName, scope: number): Expr {
  if (ts.isIdentifier(name)) return { kind: "name", name: name.text, scope };
  return { kind: "member", object: entity(name.left, scope), name: name.right.text };
}
