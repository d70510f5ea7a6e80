import { ts } from "ts-morph";
import type { Parameter } from "../../model/agentRecord.ts";
import { agentCalls, assignedFields, superNew } from "./bodies.ts";
import { commentOf, type Comment } from "./comments.ts";
import { staticName, toExpr, type Registered } from "./expressions.ts";
import { typeExpr } from "./types.ts";
import { stateVersionIn } from "./stateVersion.ts";
import type { ClassModel, Declared, Field, MethodModel } from "./fileModel.ts";
import { UseReader } from "./uses.ts";

/** What stands around a class expression: the name it is given there, and the statement that carries its comment. */
export interface Naming {
  name: string | null;
  node: ts.Node | null;
  comment: ts.Node | null;
}

/** White space and comments. */
const TRIVIA = /(?:\s|\/\*[^]*?\*\/|\/\/.*)*/y;

/** What may be called on an instance. */
type Callable =
  | ts.MethodDeclaration
  | ts.AccessorDeclaration
  | ts.ArrowFunction
  | ts.FunctionExpression
  | ts.FunctionDeclaration
  | ts.FunctionTypeNode;

export class ClassReader {
  readonly #file: ts.SourceFile;
  readonly #registered: Registered;

  constructor(file: ts.SourceFile, registered: Registered) {
    this.#file = file;
    this.#registered = registered;
  }

  /** Holds the place of a class that is mentioned before it is read. */
  blank(): ClassModel {
    return {
      name: "",
      line: 0,
      endLine: 0,
      extends: null,
      extendsText: null,
      extendsTypes: [],
      implements: [],
      decorators: [],
      abstract: false,
      exported: null,
      docstring: null,
      tags: [],
      constructorParams: null,
      superNew: null,
      methods: [],
      fields: [],
      uses: [],
    };
  }

  read(node: ts.ClassLikeDeclaration, scope: number, naming: Naming): ClassModel {
    const model = this.blank();
    const comment = this.#comment(naming.comment ?? node);
    model.name = node.name?.text ?? naming.name ?? "";
    model.line = this.#lineOf(node.name ?? naming.node ?? this.#classKeyword(node));
    model.endLine = this.#file.getLineAndCharacterOfPosition(node.end).line + 1;
    model.docstring = comment.docstring;
    model.tags = comment.tags;
    model.abstract = hasKeyword(node, ts.SyntaxKind.AbstractKeyword);
    model.decorators = (ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : []).map((decorator) =>
      nameOf(decorator.expression),
    );
    this.#readHeritage(node, scope, model);
    for (const member of node.members) {
      this.#readMember(member, scope, model);
      const version = stateVersionIn(member);
      if (version !== null) model.stateVersion = version;
    }
    model.uses = new UseReader(scope, this.#registered, (inner) => this.#lineOf(inner)).read(node);
    return model;
  }

  /** A function, as far as it may be a factory. */
  declared(node: ts.FunctionLikeDeclaration, naming: Naming): Declared {
    const comment = this.#comment(naming.comment ?? node);
    return {
      line: this.#lineOf(node.name ?? naming.node ?? node),
      endLine: this.extentOf(node).endLine,
      params: this.#params(node.parameters, comment),
      docstring: comment.docstring,
    };
  }

  /** Where the name of a value stands, and its comment; nothing where it has none. */
  place(name: ts.Node | null, comment: ts.Node | null): { line?: number; docstring?: string | null } {
    return {
      ...(name !== null && { line: this.#lineOf(name) }),
      ...(comment !== null && { docstring: this.#comment(comment).docstring }),
    };
  }

  /** A function that is called with `new`: its parameters, and what it puts on `this`. */
  readConstructor(node: ts.FunctionLikeDeclaration, naming: Naming): ClassModel {
    const model = this.blank();
    const comment = this.#comment(naming.comment ?? node);
    const own = node.name !== undefined && ts.isIdentifier(node.name) ? node.name : null;
    model.name = own?.text ?? naming.name ?? "";
    model.line = this.#lineOf(own ?? naming.node ?? node);
    model.endLine = this.extentOf(node).endLine;
    model.docstring = comment.docstring;
    model.tags = comment.tags;
    model.constructorParams = this.#params(node.parameters, comment);
    for (const { name, value, statement } of assignedFields(node)) {
      if (isFunction(value)) this.addAssigned(name, value, statement, model);
      else model.fields.push({ name: name.text, type: this.#valueType(value) });
    }
    return model;
  }

  /** Whether it can only be meant as a class: it is called like one and puts methods on `this`. */
  makesMethods(node: ts.FunctionLikeDeclaration, naming: Naming): boolean {
    const own = node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : naming.name;
    if (own === null || !/^[A-Z]/.test(own) || ts.isArrowFunction(node)) return false;
    return assignedFields(node).some(({ value }) => isFunction(value));
  }

  /** A value that is assigned to a name of the prototype, or of `this`. */
  addAssigned(
    name: ts.PropertyName | ts.MemberName,
    value: ts.Node,
    comment: ts.Node,
    model: ClassModel,
  ): void {
    if (isFunction(value) || ts.isMethodDeclaration(value) || ts.isAccessor(value)) {
      this.#addMethod({ name, member: comment }, value, model);
    }
  }

  /** Lines count from 1. */
  extentOf(node: ts.Node): { line: number; endLine: number } {
    return {
      line: this.#lineOf(node),
      endLine: this.#file.getLineAndCharacterOfPosition(node.end).line + 1,
    };
  }

  #readHeritage(node: ts.ClassLikeDeclaration, scope: number, model: ClassModel): void {
    const convert = (expression: ts.Expression) => toExpr(expression, scope, this.#registered);
    for (const clause of node.heritageClauses ?? []) {
      if (clause.token === ts.SyntaxKind.ImplementsKeyword) {
        model.implements.push(...clause.types.map((type) => convert(type.expression)));
        continue;
      }
      const [type] = clause.types;
      if (type === undefined) continue;
      model.extends = convert(type.expression);
      model.extendsText = this.#text(type.expression).replace(/\s+/g, " ");
      model.extendsTypes = (type.typeArguments ?? []).map((argument) => typeExpr(argument, scope));
    }
  }

  #readMember(member: ts.ClassElement, scope: number, model: ClassModel): void {
    if (ts.isConstructorDeclaration(member)) {
      if (member.body === undefined && model.constructorParams !== null) return;
      model.constructorParams = this.#params(member.parameters, this.#comment(member));
      model.superNew = superNew(member, (expression) => toExpr(expression, scope, this.#registered));
      for (const parameter of member.parameters) {
        if (ts.isParameterPropertyDeclaration(parameter, member)) {
          const name = staticName(parameter.name);
          if (name !== null) model.fields.push({ name, type: this.#text(parameter.type) });
        }
      }
      for (const { name, value } of assignedFields(member)) {
        if (!model.fields.some((field) => field.name === name.text)) {
          model.fields.push({ name: name.text, type: this.#valueType(value) });
        }
      }
    } else if (ts.isMethodDeclaration(member) || ts.isAccessor(member)) {
      this.#addMethod({ name: member.name, member }, member, model);
    } else if (ts.isPropertyDeclaration(member)) {
      const value = member.initializer;
      if (value !== undefined && isFunction(value)) {
        this.#addMethod({ name: member.name, member }, value, model);
      } else if (member.type !== undefined && ts.isFunctionTypeNode(member.type)) {
        this.#addMethod({ name: member.name, member }, member.type, model);
      } else {
        const field = this.#field(member);
        if (field !== null) model.fields.push(field);
      }
    }
  }

  /** @param written the name, and the node with its modifiers and comment */
  #addMethod(
    written: { name: ts.PropertyName | ts.MemberName; member: ts.Node },
    code: Callable,
    model: ClassModel,
  ): void {
    const { member } = written;
    const name = staticName(written.name);
    if (name === null) return;
    const abstract = hasKeyword(member, ts.SyntaxKind.AbstractKeyword);
    const overload = ts.isMethodDeclaration(code) && code.body === undefined && !abstract;
    const comment = this.#comment(member);
    const method: MethodModel = {
      name,
      lineno: this.#lineOf(written.name),
      docstring: comment.docstring,
      async: hasKeyword(code, ts.SyntaxKind.AsyncKeyword),
      params: this.#params(code.parameters, comment),
      static: hasKeyword(member, ts.SyntaxKind.StaticKeyword),
      accessor: ts.isAccessor(code),
      private: name.startsWith("#") || hasKeyword(member, ts.SyntaxKind.PrivateKeyword),
      abstract,
      agentCalls: "body" in code && code.body !== undefined ? agentCalls(code.body) : [],
    };
    const known = model.methods.findIndex((other) => other.name === name && other.static === method.static);
    if (known < 0) model.methods.push(method);
    else if (!overload && !method.accessor) model.methods[known] = method;
  }

  #field(member: ts.PropertyDeclaration): Field | null {
    const name = staticName(member.name);
    if (name === null) return null;
    return { name, type: this.#text(member.type) || this.#valueType(member.initializer) };
  }

  /** What a value tells of a type nobody wrote: "new Map()", "[]". */
  #valueType(value: ts.Expression | undefined): string {
    if (value === undefined) return "";
    if (ts.isArrayLiteralExpression(value)) return "[]";
    if (ts.isObjectLiteralExpression(value)) return "Record";
    return ts.isNewExpression(value) ? this.#text(value.expression) : "";
  }

  #params(parameters: readonly ts.ParameterDeclaration[], comment: Comment): Parameter[] {
    return parameters
      .filter(({ name }) => !(ts.isIdentifier(name) && name.text === "this"))
      .map((parameter) => {
        const name = this.#text(parameter.name);
        const documented = comment.params.get(name);
        const rest = parameter.dotDotDotToken !== undefined;
        return {
          name: rest ? `...${name}` : name,
          type: this.#text(parameter.type) || (documented?.type ?? ""),
          optional:
            rest ||
            parameter.questionToken !== undefined ||
            parameter.initializer !== undefined ||
            documented?.optional === true,
        };
      });
  }

  #comment(node: ts.Node): Comment {
    return commentOf(this.#file.text, node);
  }

  #text(node: ts.Node | undefined): string {
    return node === undefined ? "" : node.getText(this.#file);
  }

  #lineOf(node: ts.Node | number): number {
    const start = typeof node === "number" ? node : node.getStart(this.#file);
    return this.#file.getLineAndCharacterOfPosition(start).line + 1;
  }

  /** Of an anonymous class; decorators and modifiers may stand on lines above. */
  #classKeyword(node: ts.ClassLikeDeclaration): number {
    TRIVIA.lastIndex = node.modifiers?.end ?? node.pos;
    TRIVIA.exec(this.#file.text);
    return TRIVIA.lastIndex;
  }
}

const hasKeyword = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);

const isFunction = (
  node: ts.Node,
): node is ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration =>
  ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node);

function nameOf(expression: ts.Expression): string {
  if (ts.isCallExpression(expression)) return nameOf(expression.expression);
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : "";
}
