import { ts } from "ts-morph";
import type { ClassFacts } from "../../migration/facts.ts";
import { parse } from "./parsedFiles.ts";
import { adapterOf, extended, runtimeNames } from "./runtimeNames.ts";
import { tokensOf } from "./tokens.ts";

/** An adapter as it stands in a text. */
export interface StandingAdapter {
  name: string;
  /** The local name of the class it extends. */
  base: string;
  /**
   * From the word `class` to the closing brace, so that what its authors put before it stays; in JavaScript from the
   * comment above it, where its types stand.
   */
  start: number;
  end: number;
  /** Two adapters with the same tokens do the same. */
  tokens: string[];
  capabilities: string[];
  /** The method that takes tasks, where it is named. */
  method: string | undefined;
}

type Language = ClassFacts["language"];

/** The adapter of the class that a file calls so, or null. */
export function standingAdapter(
  source: ts.SourceFile,
  reference: string,
  language: Language,
): StandingAdapter | null {
  const adapter = adapterOf(source, reference, runtimeNames(source));
  return adapter === null ? null : described(source, adapter.node, language);
}

/** The adapter in a text that holds it, and no import. */
export function adapterIn(
  file: string,
  text: string,
  name: string,
  language: Language,
): StandingAdapter | null {
  const source = parse(file, text);
  const node = source.statements.find(
    (statement): statement is ts.ClassDeclaration =>
      ts.isClassDeclaration(statement) && statement.name?.text === name,
  );
  return node === undefined ? null : described(source, node, language);
}

function described(
  source: ts.SourceFile,
  node: ts.ClassDeclaration,
  language: Language,
): StandingAdapter | null {
  const children = node.getChildren(source);
  const keyword = children.findIndex(({ kind }) => kind === ts.SyntaxKind.ClassKeyword);
  const base = extended(node);
  const [first, ...rest] = children.slice(keyword);
  if (keyword === -1 || first === undefined || base === null || node.name === undefined) return null;
  const typed = language === "javascript";
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  return {
    name: node.name.text,
    base,
    start: typed ? (comment?.getStart(source) ?? node.getStart(source)) : first.getStart(source),
    end: node.end,
    tokens: [...tokensOf([first, ...rest], source), ...(typed ? typeTags(source, node) : [])],
    capabilities: optionOf(node, "capabilities", stringsOf) ?? [],
    method: optionOf(node, "method", (value) => (ts.isStringLiteral(value) ? value.text : undefined)),
  };
}

/** The types of JavaScript. */
function typeTags(source: ts.SourceFile, node: ts.ClassDeclaration): string[] {
  const documented = [node, ...node.members.filter(ts.isConstructorDeclaration)];
  const tags = documented.flatMap((each) =>
    ts
      .getJSDocCommentsAndTags(each)
      .filter(ts.isJSDoc)
      .flatMap((comment) => [...(comment.tags ?? [])]),
  );
  return tags.map((tag) =>
    source.text
      .slice(tag.pos, tag.end)
      .replaceAll(/[\s*]+/g, " ")
      .trim(),
  );
}

/** What the adapter's options give under a name. */
function optionOf<T>(
  node: ts.ClassDeclaration,
  option: string,
  read: (value: ts.Expression) => T | undefined,
): T | undefined {
  const found: (T | undefined)[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isPropertyAssignment(inner) && ts.isIdentifier(inner.name) && inner.name.text === option) {
      found.push(read(inner.initializer));
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found[0];
}

function stringsOf(value: ts.Expression): string[] | undefined {
  return ts.isArrayLiteralExpression(value)
    ? value.elements.filter(ts.isStringLiteral).map(({ text }) => text)
    : undefined;
}
