import { ts } from "ts-morph";
import type { ClassFacts, Point, Room } from "../../migration/facts.ts";
import { isRequire } from "./commonJs.ts";

/** A point after a node: past a comment that ends its line, so that the comment stays where it is. */
export function pointAfter(text: string, end: number): Point {
  const trailing =
    /^(?:[ \t]|\/\*(?:(?!\*\/)[^\r\n])*\*\/)*;?(?:[ \t]|\/\*(?:(?!\*\/)[^\r\n])*\*\/)*(?:\/\/[^\r\n]*)?(?=[\r\n]|$)/;
  const match = trailing.exec(text.slice(end));
  const offset = end + (match?.[0].length ?? 0);
  const line = /^[^\r\n]*/.exec(text.slice(offset))?.[0] ?? "";
  const after = text.slice(offset + line.length);
  return {
    offset,
    rest: line.trim(),
    blankAfter: /^(?:\r\n|\r|\n)?$|^(?:\r\n|\r|\n)[ \t]*(?:[\r\n]|$)/.test(after),
  };
}

/** The end of a statement; a semicolon that stands on the next line protects that line and is left to it. */
export function endOf(source: ts.SourceFile, statement: ts.Statement): number {
  const code = source.text.slice(statement.getStart(source), statement.end);
  const apart = /\s*[\r\n]\s*;$/.exec(code);
  return statement.end - (apart?.[0].length ?? 0);
}

export function lineStart(text: string, offset: number): number {
  const before = text.slice(0, offset);
  return (
    Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1 || (before.startsWith("\uFEFF") ? 1 : 0)
  );
}

/** The start of the next line, or the end of the text. */
export function lineAfter(text: string, offset: number): number {
  const rest = /^[^\r\n]*(?:\r\n|\r|\n|$)/.exec(text.slice(offset))?.[0] ?? "";
  return offset + rest.length;
}

/** After the last import before the class; else after directives and the file's own comments. */
export function importPoint(
  source: ts.SourceFile,
  before: ts.Statement,
  syntax: ClassFacts["syntax"],
): Room["importAt"] {
  const { text } = source;
  const isImport = syntax === "esm" ? isEsmImport : isRequire;
  const last = source.statements.filter((s) => s.pos < before.pos && isImport(s)).at(-1);
  if (last !== undefined) return { ...pointAfter(text, endOf(source, last)), after: "import" };

  const directive = directives(source).at(-1);
  if (directive !== undefined) return { ...pointAfter(text, endOf(source, directive)), after: "header" };
  const comment = headerComments(source).at(-1);
  if (comment !== undefined) return { ...pointAfter(text, comment.end), after: "header" };
  const offset = startOfCode(text);
  return { offset, rest: "", blankAfter: false, after: "start" };
}

function isEsmImport(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) ||
    (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference))
  );
}

function directives(source: ts.SourceFile): ts.Statement[] {
  const end = source.statements.findIndex(
    (statement) => !ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression),
  );
  return source.statements.slice(0, end === -1 ? undefined : end);
}

function startOfCode(text: string): number {
  const shebang = ts.getShebang(text.replace(/^\uFEFF/, ""));
  const bom = text.startsWith("\uFEFF") ? 1 : 0;
  if (shebang === undefined) return bom;
  const offset = bom + shebang.length;
  return offset + (/^(?:\r\n|\r|\n)/.exec(text.slice(offset))?.[0].length ?? 0);
}

/** Leading comments that speak of the file and not of what follows them: licence, pragmas, or set apart by a blank line. */
function headerComments(source: ts.SourceFile): ts.CommentRange[] {
  const { text } = source;
  const comments = ts.getLeadingCommentRanges(text, startOfCode(text)) ?? [];
  const isHeader = ({ pos, end }: ts.CommentRange) => {
    const comment = text.slice(pos, end);
    const blankAfter = /^[ \t]*(?:\r\n|\r|\n)[ \t]*[\r\n]/.test(text.slice(end));
    const pragma =
      /^\/\*!|^\/\/\/\s*<|@(?:license|licence|copyright|file|fileoverview|overview|module|ts-check|ts-nocheck|jest-environment|vitest-environment|jsx|flow|format|generated)\b|\bcopyright\b|SPDX-|\b(?:eslint|prettier|tslint|biome|istanbul|v8|jshint|globals?)\b/i;
    return blankAfter || pragma.test(comment);
  };
  return comments.slice(0, comments.findLastIndex(isHeader) + 1);
}
