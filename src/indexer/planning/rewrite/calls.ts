import { ts } from "ts-morph";
import type { Mentions } from "./mentions.ts";

interface Context {
  checker: ts.TypeChecker;
  mentions: Mentions;
}

/** What hands on what it holds, and nothing else. */
const containers =
  /^(?:Readonly)?(?:Array|Map|Set)$|^Weak(?:Map|Set)$|^Promise$|^(?:Map|Set|WeakMap|WeakSet|Promise)Constructor$/;
const hidden = "is passed to code that does not know it";

/** How calls treat what leads to a class. */
export const calls = {
  /** An argument that leads to the class: why that could tell, or null. */
  ofArgument(call: ts.CallExpression | ts.NewExpression, argument: ts.Node, context: Context): string | null {
    const { checker, mentions } = context;
    const index = call.arguments?.findIndex((each) => each === argument) ?? -1;
    const declaration = checker.getResolvedSignature(call)?.declaration;
    if (declaration === undefined || index === -1) return hidden;
    if (isContainer(declaration)) return isFunction(argument) ? null : ofPlain(argument, context);
    if (!isConcrete(declaration)) return hidden;
    const parameter = declaration.parameters[index];
    if (
      parameter === undefined ||
      parameter.dotDotDotToken !== undefined ||
      ts.isJSDocParameterTag(parameter)
    )
      return hidden;
    const type = checker.getTypeAtLocation(argument);
    return mentions.keeps(type, checker.getTypeAtLocation(parameter)) ? null : hidden;
  },

  /** A call of what holds the class, with functions that it will be given to. */
  ofContainer({ expression, arguments: list }: ts.CallExpression, context: Context): string | null {
    const { checker, mentions } = context;
    if (!ts.isPropertyAccessExpression(expression)) return null;
    const holder = checker.getTypeAtLocation(expression.expression);
    if (!mentions.in(holder) || mentions.isOwn(holder)) return null;
    for (const argument of list) {
      if (!mayBeCalled(checker.getTypeAtLocation(argument))) continue;
      if (!isFunction(argument)) return hidden;
      const typed = argument.parameters.filter(({ type }) => type !== undefined);
      if (typed.some((each) => !mentions.in(checker.getTypeAtLocation(each)))) return hidden;
      if (argument.parameters.some(({ dotDotDotToken }) => dotDotDotToken)) return hidden;
    }
    return null;
  },
};

/** A container keeps what it is given where its own type says so. */
function ofPlain(argument: ts.Node, { checker, mentions }: Context): string | null {
  const type = checker.getTypeAtLocation(argument);
  return mentions.isOwn(type) || type.getCallSignatures().length === 0 ? null : hidden;
}

function isContainer({ parent }: ts.SignatureDeclaration | ts.JSDocSignature): boolean {
  const named = ts.isInterfaceDeclaration(parent) && containers.test(parent.name.text);
  return named && /(?:^|\/)lib\.[\w.]+\.d\.ts$/.test(parent.getSourceFile().fileName);
}

function mayBeCalled(type: ts.Type): boolean {
  if ((type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return true;
  return (type.isUnion() ? type.types : [type]).some((part) => part.getCallSignatures().length > 0);
}

const isFunction = (node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression =>
  ts.isArrowFunction(node) || ts.isFunctionExpression(node);

/** A function that is the only one that the call can reach. */
function isConcrete(
  declaration: ts.SignatureDeclaration | ts.JSDocSignature,
): declaration is ts.FunctionDeclaration | ts.ConstructorDeclaration {
  return (
    (ts.isFunctionDeclaration(declaration) || ts.isConstructorDeclaration(declaration)) &&
    declaration.body !== undefined
  );
}
