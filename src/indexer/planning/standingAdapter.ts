import { ts } from "ts-morph";
import type { ClassFacts } from "../../migration/facts.ts";
import { mappedOptions, type MappedOptions } from "../../migration/mappedOptions.ts";
import { constructorOf } from "./adapterConstructor.ts";
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
  /** Two adapters with the same tokens do the same, whatever their names and those of their classes. */
  tokens: string[];
  capabilities: string[];
  /** The method that takes tasks, where it is named. */
  method: string | undefined;
  mapped: MappedOptions;
  /** Nothing but what migrations write stands in it. */
  plain: boolean;
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
  const { options, legacy, plain } = constructorOf(node);
  const name = node.name.text;
  const method = options.get("method");
  const unnamed = renamer(name, base, legacy);
  return {
    ...{ name, base, plain },
    start: typed ? (comment?.getStart(source) ?? node.getStart(source)) : first.getStart(source),
    end: node.end,
    tokens: [
      ...tokensOf([first, ...rest], source).map((token) => (/^["'`]/.test(token) ? token : unnamed(token))),
      ...(typed ? typeTags(source, node).map(unnamed) : []),
    ],
    capabilities: stringsOf(options.get("capabilities")),
    method: typeof method === "string" ? method : undefined,
    mapped: mappedOptions(Object.fromEntries(options)),
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

/** Puts the same word for a name wherever it stands in code. */
function renamer(name: string, base: string, legacy: string | null): (code: string) => string {
  const parts = (legacy ?? "").split(".").map((part, index): [string, string] => [part, `#class${index}`]);
  const names = new Map([...parts, [base, "#base"], [name, "#adapter"]]);
  return (code) => code.replaceAll(/[\w$]+/g, (word) => names.get(word) ?? word);
}

const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
