import { ts } from "ts-morph";
import { rewriteRefusals as refusals } from "../../../migration/rewriteRefusals.ts";
import { executionMethod } from "../../../runtime/core/dispatch.ts";
import { baseMembers } from "./baseMembers.ts";

/** A class that can become a BaseAgent, as far as its own text tells. */
export interface RewriteShape {
  name: string;
  node: ts.ClassDeclaration;
  method: ts.MethodDeclaration;
  methodName: string;
  constructor: ts.ConstructorDeclaration | null;
  /** The type arguments of BaseAgent, as written in the method's signature; null where none is. */
  task: string | null;
  value: string | null;
}

/** What the text of a class alone says against rewriting it. */
export function rewriteShape(
  source: ts.SourceFile,
  name: string,
  node: ts.ClassLikeDeclaration,
): { shape: RewriteShape } | { refused: string } {
  if (!ts.isClassDeclaration(node) || node.name === undefined || !ts.isSourceFile(node.parent))
    return { refused: refusals.expression(name) };
  for (const { token } of node.heritageClauses ?? []) {
    const extending = token === ts.SyntaxKind.ExtendsKeyword;
    return { refused: extending ? refusals.base(name) : refusals.implemented(name) };
  }
  const seen = whatItInspects(node);
  if (seen === "@") return { refused: refusals.decorated(name) };
  if (seen !== null) return { refused: refusals.inspects(name, seen) };
  const methods = new Map<string, ts.MethodDeclaration[]>();
  for (const member of node.members) {
    if (ts.isConstructorDeclaration(member) || ts.isClassStaticBlockDeclaration(member)) continue;
    if (ts.isSemicolonClassElement(member)) continue;
    if (ts.isIndexSignatureDeclaration(member) || member.name === undefined) {
      return { refused: refusals.computed(name) };
    }
    if (ts.isComputedPropertyName(member.name)) return { refused: refusals.computed(name) };
    const own = member.name.text;
    if (has(member, ts.SyntaxKind.StaticKeyword)) continue;
    const hidden = has(member, ts.SyntaxKind.PrivateKeyword) || has(member, ts.SyntaxKind.ProtectedKeyword);
    const takesTasks = ts.isMethodDeclaration(member) && !hidden && executionMethod([own]) === own;
    // Its own `execute` is what becomes `executeImpl`.
    if (baseMembers.has(own) && !(takesTasks && own === "execute")) {
      return { refused: refusals.collides(name, own) };
    }
    if (takesTasks) methods.set(own, [...(methods.get(own) ?? []), member]);
  }
  const made = constructorOf(name, node);
  if ("refused" in made) return made;
  const [entry, ...others] = methods;
  if (entry === undefined) return { refused: refusals.noMethod(name) };
  if (others.length > 0) return { refused: refusals.manyMethods(name, [...methods.keys()].join(", ")) };
  const [methodName, declared] = entry;
  const [method] = declared;
  const why = method === undefined ? null : declared.length > 1 ? "has overloads" : objection(method);
  if (method === undefined || why !== null)
    return { refused: refusals.method(name, methodName, why ?? "is not known") };
  const parameter = method.parameters[0]?.type?.getText(source) ?? null;
  const value = valueOf(method, source);
  if (value !== null && "refused" in value) {
    return { refused: refusals.method(name, methodName, value.refused) };
  }
  return {
    shape: {
      ...{ name, node, method, methodName, constructor: made.constructor },
      ...{ task: parameter, value: value?.text ?? null },
    },
  };
}

type Made = { constructor: ts.ConstructorDeclaration | null } | { refused: string };

function constructorOf(name: string, node: ts.ClassDeclaration): Made {
  const [own, ...others] = node.members.filter(ts.isConstructorDeclaration);
  if (own === undefined) return { constructor: null };
  if (others.length > 0 || own.body === undefined) return { refused: refusals.constructorOverloads(name) };
  const hidden = own.modifiers?.some(({ kind }) => kind !== ts.SyntaxKind.PublicKeyword);
  if (hidden === true) return { refused: refusals.hidden(name) };
  if (contains(own.body, ts.isReturnStatement, true)) return { refused: refusals.returns(name) };
  for (const parameter of own.parameters) {
    const field = ts.isParameterPropertyDeclaration(parameter, own) ? parameter.name.getText() : "";
    if (baseMembers.has(field)) return { refused: refusals.collides(name, field) };
  }
  const early = own.parameters.some(({ initializer }) => initializer && contains(initializer, isThis, false));
  return early ? { refused: refusals.parameterThis(name) } : { constructor: own };
}

/** Why a method that takes tasks cannot become `executeImpl`. */
function objection(method: ts.MethodDeclaration): string | null {
  const kinds = method.modifiers?.map(({ kind }) => kind) ?? [];
  const { SyntaxKind } = ts;
  if (kinds.some((kind) => kind !== SyntaxKind.PublicKeyword && kind !== SyntaxKind.AsyncKeyword))
    return "is not a plain public method";
  if (method.asteriskToken !== undefined) return "is a generator, which BaseAgent runs to its end";
  if (method.body === undefined) return "has no body";
  if (method.questionToken !== undefined) return "is optional";
  if ((method.typeParameters ?? []).length > 0) return "has type parameters";
  if (!ts.isIdentifier(method.name)) return "has a name that is no identifier";
  if (method.parameters.length > 1) return "takes more than the task";
  const [task] = method.parameters;
  if (task === undefined) return null;
  if (task.dotDotDotToken || task.questionToken || task.initializer)
    return "takes a task that may be missing";
  if (ts.isIdentifier(task.name) && task.name.text === "this") return "declares the type of this";
  return speaksOfItself(task.type) ? "takes a type that only its class knows" : null;
}

/** Types that mean something else outside of the method. */
function speaksOfItself(type: ts.TypeNode | undefined): boolean {
  return (
    type !== undefined && contains(type, (node) => ts.isThisTypeNode(node) || ts.isTypeQueryNode(node), false)
  );
}

/** The type that the method's callers get in the end. */
function valueOf(
  { type }: ts.MethodDeclaration,
  source: ts.SourceFile,
): { text: string } | { refused: string } | null {
  if (type === undefined) return null;
  if (speaksOfItself(type)) return { refused: "returns a type that only its class knows" };
  if (ts.isTypePredicateNode(type)) return { refused: "is a type guard" };
  const inner = isPromise(type) ? type.typeArguments?.[0] : type;
  if (inner === undefined || /\bPromise(?:Like)?\b/.test(inner.getText(source))) {
    return { refused: "returns a promise only sometimes, as far as its type tells" };
  }
  return { text: inner.getText(source) };
}

function isPromise(type: ts.TypeNode): type is ts.TypeReferenceNode {
  return ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === "Promise";
}

/** Something in a class that behaves otherwise once it has a base class; "@" for a decorator. */
function whatItInspects(node: ts.ClassDeclaration): string | null {
  let found: string | null = null;
  const visit = (inner: ts.Node): void => {
    if (ts.isDecorator(inner)) found ??= "@";
    if (ts.isMetaProperty(inner) && inner.keywordToken === ts.SyntaxKind.NewKeyword) found ??= "new.target";
    if (inner.kind === ts.SyntaxKind.SuperKeyword) found ??= "super";
    if (ts.isIdentifier(inner) && (inner.text === "arguments" || inner.text === "eval")) found ??= inner.text;
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function contains(node: ts.Node, is: (node: ts.Node) => boolean, ownFunction: boolean): boolean {
  if (is(node)) return true;
  if (ownFunction && (ts.isFunctionLike(node) || ts.isClassLike(node))) return false;
  return ts.forEachChild(node, (child) => contains(child, is, ownFunction) || undefined) ?? false;
}

const isThis = (node: ts.Node) => node.kind === ts.SyntaxKind.ThisKeyword;

function has(member: ts.ClassElement, modifier: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(member) && (ts.getModifiers(member)?.some(({ kind }) => kind === modifier) ?? false)
  );
}
