import { ts } from "ts-morph";
import { bindExports, bindImports } from "./bindings.ts";
import { ClassReader, type Naming } from "./classReader.ts";
import { toExpr, staticName, type Registered } from "./expressions.ts";
import { typeExpr } from "./types.ts";
import { exportedNames } from "./exportedNames.ts";
import { assignmentOf, Prototypes } from "./prototypes.ts";
import type { Expr, FileModel } from "./fileModel.ts";
import { readMaking, type MakingNode } from "./makingReader.ts";

/** Where the visitor stands. */
interface Place {
  scope: number;
  function: number | null;
  naming: Naming;
}

const UNNAMED: Naming = { name: null, node: null, comment: null };

/** One walk over a syntax tree: scopes and their names, classes wherever they stand, functions that may return classes. */
export class FileVisitor implements Registered {
  readonly model: FileModel = {
    language: "typescript",
    classes: [],
    functions: [],
    makings: [],
    scopes: [],
    exports: new Map(),
    stars: [],
    commonjs: null,
    syntaxError: null,
  };
  readonly #file: ts.SourceFile;
  /** Typings: everything in them is declared only. */
  readonly #declared: boolean;
  readonly #indexes = new Map<ts.Node, number>();
  readonly #reader: ClassReader;
  /** The function whose body is being walked. */
  #around: number | null = null;
  readonly #prototypes: Prototypes;

  constructor(file: ts.SourceFile) {
    this.#file = file;
    this.#declared = file.isDeclarationFile;
    this.#reader = new ClassReader(file, this);
    this.#prototypes = new Prototypes(file, this.model, this.#reader, this);
  }

  visitAll(): FileModel {
    const scope = this.#openScope(null);
    for (const statement of this.#file.statements) {
      this.#visit(statement, { scope, function: null, naming: UNNAMED });
    }
    this.#prototypes.finish();
    exportedNames(this.model);
    return this.model;
  }

  classOf(node: ts.ClassLikeDeclaration): number {
    return this.#indexOf(node, () => this.model.classes.push(this.#reader.blank()) - 1);
  }

  functionOf(node: ts.FunctionLikeDeclaration): number {
    return this.#indexOf(node, () => {
      const name = node.name === undefined ? "" : (staticName(node.name) ?? "");
      return (
        this.model.functions.push({ name, returns: [], exported: null, declared: null, constructs: null }) - 1
      );
    });
  }

  makingOf(node: MakingNode, scope: number): number {
    const known = this.#indexes.get(node);
    if (known !== undefined) return known;
    const convert = (expression: ts.Expression) => toExpr(expression, scope, this);
    const making = readMaking(node, { file: this.#file, function: this.#around, convert });
    return this.#indexOf(node, () => this.model.makings.push(making) - 1);
  }

  #indexOf(node: ts.Node, create: () => number): number {
    const index = this.#indexes.get(node) ?? create();
    this.#indexes.set(node, index);
    return index;
  }

  #openScope(parent: number | null): number {
    return this.model.scopes.push({ parent, names: new Map() }) - 1;
  }

  #bind(scope: number, name: string, expr: Expr): void {
    this.model.scopes[scope]?.names.set(name, expr);
  }

  #expr(node: ts.Expression, place: Place): Expr {
    return toExpr(node, place.scope, this);
  }

  #children(node: ts.Node, place: Place): void {
    ts.forEachChild(node, (child) => this.#visit(child, place));
  }

  #visit(node: ts.Node, place: Place): void {
    // Words, literals and punctuation: most of a tree, with nothing in them.
    if (node.kind < ts.SyntaxKind.FirstNode) return;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (
      (isAmbient(node) && !this.#declared) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node)
    )
      return;
    const inner: Place = place.naming === UNNAMED ? place : { ...place, naming: UNNAMED };
    if (ts.isClassLike(node)) this.#class(node, place);
    else if (ts.isFunctionLike(node)) this.#function(node as ts.FunctionLikeDeclaration, place);
    else if (ts.isNewExpression(node) || ts.isCallExpression(node)) this.#making(node, place);
    else if (ts.isVariableStatement(node))
      this.#variables(node.declarationList, { ...inner, naming: { ...UNNAMED, comment: node } });
    else if (ts.isVariableDeclarationList(node)) this.#variables(node, inner);
    else if (ts.isModuleDeclaration(node)) this.#namespace(node, inner);
    else if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) {
      bindImports(node, inner.scope, (name, expr) => this.#bind(inner.scope, name, expr));
    } else if (ts.isExportDeclaration(node)) bindExports(node, this.model);
    else if (ts.isExportAssignment(node)) this.#exportAssignment(node, inner);
    else if (ts.isExpressionStatement(node)) this.#statement(node, inner);
    else if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) {
      const name = staticName(node.name);
      const naming: Naming = { name, node: node.name, comment: node };
      ts.forEachChild(node, (child) =>
        this.#visit(child, child === node.initializer ? { ...inner, naming } : inner),
      );
    } else if (isTransparent(node)) this.#children(node, place);
    else if (
      ts.isBlock(node) ||
      ts.isForStatement(node) ||
      ts.isForOfStatement(node) ||
      ts.isCaseBlock(node)
    ) {
      this.#children(node, { ...inner, scope: this.#openScope(inner.scope) });
    } else if (ts.isReturnStatement(node)) {
      if (node.expression !== undefined) this.#returns(node.expression, inner);
      this.#children(node, inner);
    } else this.#children(node, inner);
  }

  #class(node: ts.ClassLikeDeclaration, place: Place): void {
    const index = this.classOf(node);
    if (ts.isClassDeclaration(node) && node.name !== undefined) {
      this.#bind(place.scope, node.name.text, { kind: "class", index });
    }
    const isDefault = hasModifier(node, ts.SyntaxKind.DefaultKeyword);
    const naming = isDefault ? { ...place.naming, name: "default" } : place.naming;
    this.model.classes[index] = this.#reader.read(node, place.scope, naming);
    if (isDefault) this.model.exports.set("default", { kind: "class", index });
    else if (place.scope === 0 && node.name !== undefined) this.#exportDeclared(node, node.name.text);
    const scope = this.#openScope(place.scope);
    if (node.name !== undefined) this.#bind(scope, node.name.text, { kind: "class", index });
    const around = this.#around;
    this.#around = null;
    this.#children(node, { scope, function: null, naming: UNNAMED });
    this.#around = around;
  }

  #function(node: ts.FunctionLikeDeclaration, place: Place): void {
    const index = this.functionOf(node);
    if (place.scope === 0) this.#declare(node, index, place.naming);
    this.#prototypes.addFunction(index, { node, naming: place.naming });
    if (ts.isFunctionDeclaration(node)) {
      if (node.name !== undefined) this.#bind(place.scope, node.name.text, { kind: "function", index });
      if (hasModifier(node, ts.SyntaxKind.DefaultKeyword)) {
        this.model.exports.set("default", { kind: "function", index });
      } else if (place.scope === 0 && node.name !== undefined) this.#exportDeclared(node, node.name.text);
    }
    const inner: Place = { scope: this.#openScope(place.scope), function: index, naming: UNNAMED };
    for (const [position, { name }] of node.parameters.entries()) {
      if (ts.isIdentifier(name)) {
        this.#bind(inner.scope, name.text, { kind: "parameter", function: index, index: position });
      }
    }
    const around = this.#around;
    this.#around = index;
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) this.#returns(node.body, inner);
    this.#children(node, inner);
    this.#around = around;
  }

  /** What stands at the top level under a name of its own may be a factory; methods are none. */
  #declare(node: ts.FunctionLikeDeclaration, index: number, { name, ...naming }: Naming): void {
    const known = this.model.functions[index];
    const isFunction =
      ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);
    if (known === undefined || !isFunction) return;
    if (naming.comment !== null && ts.isPropertyAssignment(naming.comment)) return;
    if (hasModifier(node, ts.SyntaxKind.DefaultKeyword)) known.name ||= "default";
    known.name = name ?? known.name;
    if (known.name !== "") known.declared = this.#reader.declared(node, { name, ...naming });
  }

  /** Named by what surrounds it, or by its own options. */
  #making(node: MakingNode, place: Place): void {
    const { name, node: named, comment } = place.naming;
    const mayTell = ts.isNewExpression(node) || node.arguments.some(ts.isObjectLiteralExpression);
    if (name !== null || mayTell) {
      const making = this.model.makings[this.makingOf(node, place.scope)];
      if (making !== undefined && name !== null) {
        making.name = name;
        Object.assign(making, this.#reader.place(named, comment));
      }
    }
    const inner: Place = { ...place, naming: UNNAMED };
    // `const Agent = traced(class { … })`
    ts.forEachChild(node, (child) =>
      this.#visit(child, ts.isCallExpression(node) && ts.isClassExpression(child) ? place : inner),
    );
  }

  #returns(node: ts.Expression, place: Place): void {
    if (place.function === null) return;
    const expr = this.#expr(node, place);
    if (expr.kind !== "unknown") this.model.functions[place.function]?.returns.push(expr);
  }

  #variables(list: ts.VariableDeclarationList, place: Place): void {
    for (const { name, initializer, type } of list.declarations) {
      if (this.#declared && type !== undefined && ts.isIdentifier(name)) {
        this.#bind(place.scope, name.text, typeExpr(type, place.scope));
        if (place.naming.comment !== null) this.#exportDeclared(place.naming.comment, name.text);
      }
      if (initializer === undefined) continue;
      if (ts.isIdentifier(name)) {
        this.#bind(place.scope, name.text, this.#expr(initializer, place));
        this.#prototypes.addVariable(name.text, initializer);
        if (place.scope === 0 && place.naming.comment !== null) {
          this.#exportDeclared(place.naming.comment, name.text);
        }
        this.#assigned(initializer, place, { ...place.naming, name: name.text, node: name });
      } else {
        if (ts.isObjectBindingPattern(name)) this.#destructured(name, initializer, place);
        this.#visit(initializer, { ...place, naming: UNNAMED });
      }
    }
  }

  #destructured(pattern: ts.ObjectBindingPattern, initializer: ts.Expression, place: Place): void {
    const object = this.#expr(initializer, place);
    if (object.kind === "unknown") return;
    for (const { name, propertyName } of pattern.elements) {
      if (!ts.isIdentifier(name)) continue;
      const member = propertyName === undefined ? name.text : staticName(propertyName);
      if (member !== null) this.#bind(place.scope, name.text, { kind: "member", object, name: member });
    }
  }

  #namespace(node: ts.ModuleDeclaration, place: Place): void {
    if (!ts.isIdentifier(node.name) || node.body === undefined) return;
    const known = this.model.scopes[place.scope]?.names.get(node.name.text);
    const scope = known?.kind === "namespace" ? known.scope : this.#openScope(place.scope);
    if (known === undefined) this.#bind(place.scope, node.name.text, { kind: "namespace", scope });
    if (place.scope === 0) this.#exportDeclared(node, node.name.text);
    const inner: Place = { scope, function: null, naming: UNNAMED };
    if (ts.isModuleBlock(node.body))
      for (const statement of node.body.statements) this.#visit(statement, inner);
    else this.#visit(node.body, inner);
  }

  #exportAssignment(node: ts.ExportAssignment, place: Place): void {
    const expr = this.#expr(node.expression, place);
    if (node.isExportEquals === true) this.model.commonjs = expr;
    else this.model.exports.set("default", expr);
    this.#visit(node.expression, { ...place, naming: { name: "default", node: null, comment: node } });
  }

  /** `module.exports = …`, `exports.Name = …`, `Name.Inner = class …` */
  #statement(node: ts.ExpressionStatement, place: Place): void {
    this.#prototypes.addStatement(node, place.scope);
    if (assignmentOf(node.expression) !== null) {
      this.#assigned(node.expression, place, { name: null, node: null, comment: node });
    } else this.#children(node, place);
  }

  /** A value with what it is assigned to on the way; the nearest name is its own. */
  #assigned(expression: ts.Expression, place: Place, given: Naming): void {
    let naming = given;
    let value = expression;
    for (let rest = assignmentOf(value); rest !== null; rest = assignmentOf(value)) {
      const { left, right } = rest;
      const target = exportTarget(left);
      if (target === "module") {
        this.model.commonjs = this.#expr(right, place);
        naming = { ...naming, name: naming.name ?? "default" };
      } else if (target !== null) this.model.exports.set(target.name, this.#expr(right, place));
      if (ts.isPropertyAccessExpression(left) && target !== "module") {
        naming = { ...naming, name: left.name.text, node: left.name };
      } else if (ts.isIdentifier(left) && left.text !== "exports") {
        naming = { ...naming, name: left.text, node: left };
      }
      value = right;
    }
    this.#visit(value, { ...place, naming });
  }

  #exportDeclared(node: ts.Node, name: string): void {
    if (hasModifier(node, ts.SyntaxKind.ExportKeyword)) {
      this.model.exports.set(name, { kind: "name", name, scope: 0 });
    }
  }
}

/** "module" for `module.exports`, a name for `exports.name` and `module.exports.name`. */
function exportTarget(node: ts.Expression): "module" | { name: string } | null {
  if (!ts.isPropertyAccessExpression(node)) return null;
  const { expression: object, name } = node;
  if (ts.isIdentifier(object) && object.text === "module" && name.text === "exports") return "module";
  const onExports =
    (ts.isIdentifier(object) && object.text === "exports") || exportTarget(object) === "module";
  return onExports ? { name: name.text } : null;
}

/** What stands around a value without changing it. */
const isTransparent = (node: ts.Node): boolean =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isAwaitExpression(node);

const hasModifier = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);

const isAmbient = (node: ts.Node): boolean => hasModifier(node, ts.SyntaxKind.DeclareKeyword);
