import { ts } from "ts-morph";
import type { Style } from "../../migration/facts.ts";
import { lineStart } from "./points.ts";

/** The habits of a file's authors, by majority. */
export function styleOf(source: ts.SourceFile, node: ts.ClassLikeDeclaration): Style {
  const votes = { single: 0, double: 0, semicolon: 0, none: 0, comma: 0, noComma: 0, spaced: 0, tight: 0 };
  const { text } = source;
  const visit = (inner: ts.Node): void => {
    if (ts.isStringLiteral(inner)) votes[text[inner.getStart(source)] === "'" ? "single" : "double"] += 1;
    // Words, literals and punctuation: most of a tree.
    if (inner.kind < ts.SyntaxKind.FirstNode) return;
    if (endsWithSemicolon(inner)) votes[text[inner.end - 1] === ";" ? "semicolon" : "none"] += 1;
    const list = listOf(inner);
    if (list !== null && isMultiLine(list, inner, source))
      votes[list.hasTrailingComma ? "comma" : "noComma"] += 1;
    if (isBraced(inner)) {
      const inside = inner.getStart(source) + 1;
      if (!matchesAt(/\s*[\r\n}]/y, text, inside))
        votes[matchesAt(/\s/y, text, inside) ? "spaced" : "tight"] += 1;
    }
    ts.forEachChild(inner, visit);
  };
  visit(source);
  return {
    quote: votes.single > votes.double ? "'" : '"',
    semicolons: votes.semicolon >= votes.none,
    indent: indentOf(source, node),
    eol: eolAt(text, node.end),
    trailingCommas: votes.comma >= votes.noComma,
    bracketSpacing: votes.spaced >= votes.tight,
    width: Math.min(longestLine(text), 140),
  };
}

function matchesAt(pattern: RegExp, text: string, offset: number): boolean {
  pattern.lastIndex = offset;
  return pattern.test(text);
}

function endsWithSemicolon(node: ts.Node): boolean {
  return (
    ts.isExpressionStatement(node) ||
    ts.isVariableStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isImportDeclaration(node) ||
    ts.isPropertyDeclaration(node)
  );
}

function listOf(node: ts.Node): ts.NodeArray<ts.Node> | null {
  if (ts.isObjectLiteralExpression(node)) return node.properties;
  return ts.isArrayLiteralExpression(node) || ts.isNamedImports(node) ? node.elements : null;
}

function isMultiLine(list: ts.NodeArray<ts.Node>, node: ts.Node, source: ts.SourceFile): boolean {
  const last = list.at(-1);
  return last !== undefined && /[\r\n]/.test(source.text.slice(last.end, node.end));
}

function isBraced(node: ts.Node): boolean {
  return ts.isObjectLiteralExpression(node) || ts.isNamedImports(node) || ts.isObjectBindingPattern(node);
}

/** One step: from the end of the class to its first member, else the smallest step of the file. */
function indentOf(source: ts.SourceFile, node: ts.ClassLikeDeclaration): string {
  const { text } = source;
  const [member] = node.members;
  if (member !== undefined) {
    const outer = whitespaceAt(text, node.end);
    const inner = whitespaceAt(text, member.getStart(source));
    if (inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length);
  }
  const steps = [...text.matchAll(/^(\t+|  +)(?=[^\s*])/gm)].map(([step]) => step);
  return steps.some((step) => step.startsWith("\t"))
    ? "\t"
    : " ".repeat(Math.min(...steps.map((step) => step.length), steps.length === 0 ? 2 : 8));
}

function whitespaceAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? "";
}

/** The line ending after the class, else the file's first. */
function eolAt(text: string, offset: number): Style["eol"] {
  const found = /\r\n|\n/.exec(text.slice(offset)) ?? /\r\n|\n/.exec(text);
  return found?.[0] === "\r\n" ? "\r\n" : "\n";
}

function longestLine(text: string): number {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => !/^\s*(?:\*|\/\/|\/\*)|["'`]|\/\//.test(line))
    .reduce((longest, line) => Math.max(longest, line.length), 80);
}
