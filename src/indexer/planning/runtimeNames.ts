import { ts } from "ts-morph";

/** The local names under which a file knows the runtime's classes. */
export interface RuntimeNames {
  /** Of `UniversalAgentAdapter`, imported as a value. */
  values: string[];
  /** Of `BaseAgent`. */
  baseAgents: string[];
}

const adapterName = "UniversalAgentAdapter";

/** Finds imports and requires of the package or of a vendored folder. */
export function runtimeNames(source: ts.SourceFile): RuntimeNames {
  const names: RuntimeNames = { values: [], baseAgents: [] };
  const add = (exported: string, local: string) => {
    if (exported === adapterName) names.values.push(local);
    if (exported === "BaseAgent") names.baseAgents.push(local);
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      const bindings = clause?.namedBindings;
      if (!isRuntime(statement.moduleSpecifier) || clause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
        continue;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      for (const { name, propertyName, isTypeOnly } of bindings.elements) {
        if (!isTypeOnly) add((propertyName ?? name).text, name.text);
      }
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (!isRuntimeRequire(initializer) || !ts.isObjectBindingPattern(name)) continue;
        for (const { name: local, propertyName } of name.elements) {
          if (!ts.isIdentifier(local)) continue;
          add(propertyName && ts.isIdentifier(propertyName) ? propertyName.text : local.text, local.text);
        }
      }
    }
  }
  return names;
}

function isRuntime(specifier: ts.Expression): boolean {
  if (!ts.isStringLiteralLike(specifier)) return false;
  return /^opsvi-agents(\/core)?$|\/opsvi-agents(?:-\d+)?\/core(?:\.(?:[cm]?js|ts))?$/.test(specifier.text);
}

function isRuntimeRequire(node: ts.Expression | undefined): boolean {
  if (node === undefined || !ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return false;
  const [specifier] = node.arguments;
  return node.expression.text === "require" && specifier !== undefined && isRuntime(specifier);
}

/** Whether a class extends the runtime's adapter or agent. */
export function baseAgentOf(node: ts.ClassLikeDeclaration, names: RuntimeNames): "adapter" | "agent" | null {
  const base = extended(node);
  if (base === null) return null;
  if (names.values.includes(base)) return "adapter";
  return names.baseAgents.includes(base) ? "agent" : null;
}

export interface AdapterClass {
  name: string;
  node: ts.ClassDeclaration;
}

/** The class in this file that adapts the class `reference` names (`X`, `Space.X`), or null. */
export function adapterOf(
  source: ts.SourceFile,
  reference: string,
  names: RuntimeNames,
): AdapterClass | null {
  return adaptersIn(source, names).find(({ node }) => constructs(node, reference)) ?? null;
}

/** The adapters that a file declares. */
export function adaptersIn(source: ts.SourceFile, names: RuntimeNames): AdapterClass[] {
  return source.statements.flatMap((node) => {
    if (!ts.isClassDeclaration(node) || node.name === undefined) return [];
    const base = extended(node);
    return base !== null && names.values.includes(base) ? [{ name: node.name.text, node }] : [];
  });
}

export function extended(node: ts.ClassLikeDeclaration): string | null {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const expression = clause?.types[0]?.expression;
  return expression !== undefined && ts.isIdentifier(expression) ? expression.text : null;
}

/** Its constructor passes `new X(…)` on. */
export function constructs(node: ts.ClassLikeDeclaration, reference: string): boolean {
  const visit = (inner: ts.Node): boolean =>
    (ts.isNewExpression(inner) && nameOf(inner.expression) === reference) ||
    (ts.forEachChild(inner, (child) => visit(child) || undefined) ?? false);
  return node.members.some((member) => ts.isConstructorDeclaration(member) && visit(member));
}

/** `X`, `Space.X`; null for what is no name. */
export function nameOf(node: ts.Expression): string | null {
  if (ts.isIdentifier(node)) return node.text;
  if (!ts.isPropertyAccessExpression(node)) return null;
  const object = nameOf(node.expression);
  return object === null ? null : `${object}.${node.name.text}`;
}
