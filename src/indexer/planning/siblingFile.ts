import { basename, dirname, extname, join, resolve } from "node:path";
import { ts } from "ts-morph";
import type { SiblingFile } from "../../migration/facts.ts";
import { isRequire } from "./commonJs.ts";
import type { Export } from "./reach.ts";
import type { ParsedFiles } from "./parsedFiles.ts";
import { endOf, lineAfter } from "./points.ts";
import { identifiers } from "./room.ts";
import { adaptersIn, constructs, runtimeNames } from "./runtimeNames.ts";
import { typeNamesIn } from "./typeImports.ts";

interface SiblingSearch {
  /** That of the class, absolute. */
  file: string;
  reach: Export;
  files: ParsedFiles;
  /** The names in the folder, without extension. */
  taken: ReadonlySet<string>;
}

/** The adapter of a class in a file beside that of the class. */
export interface AdapterBeside {
  name: string;
  /** Absolute. */
  path: string;
  source: ts.SourceFile;
  /** What names the class there: `X`, `Space.X`. */
  reference: string;
  /** What the class is imported from. */
  specifier: string;
}

/** The file beside that of the class for its adapter: one that holds adapters of its classes, else the first name that is free. */
export async function siblingFile(
  search: SiblingSearch,
): Promise<{ place: SiblingFile } | { adapter: AdapterBeside }> {
  const { file, reach, files, taken } = search;
  for (let number = 1; ; number += 1) {
    const path = siblingPath(file, number);
    const source = await files.at(path);
    if (source === null) {
      if (taken.has(stemOf(path))) continue;
      return { place: { path, existing: null } };
    }
    const runtime = runtimeNames(source);
    const adapters = adaptersIn(source, runtime);
    const imports = importsOf(source, file);
    if (adapters.length === 0 || imports.length === 0) continue;
    for (const { exported, local, specifier } of imports) {
      if (exported !== reach.exported) continue;
      const reference = local + reach.path;
      const adapter = adapters.find(({ node }) => constructs(node, reference));
      if (adapter === undefined) continue;
      return { adapter: { name: adapter.name, path, source, reference, specifier } };
    }
    return { place: { path, existing: existingIn(source, runtime.values[0] ?? null) } };
  }
}

/** `researchAgent.ts` → `researchAgentAdapter.ts`, in the way the name is written. */
export function siblingPath(file: string, number: number): string {
  const extension = extname(file);
  const stem = basename(file, extension);
  const separator = /(?:^|.)([._-])[^._-]*$/.exec(stem)?.[1] ?? "";
  const word = separator === "" ? "Adapter" : `${separator}adapter`;
  return join(dirname(file), `${stem}${word}${number === 1 ? "" : number}${extension}`);
}

export const stemOf = (path: string): string => basename(path, extname(path)).toLowerCase();

export function existingIn(
  source: ts.SourceFile,
  runtimeName: string | null,
): NonNullable<SiblingFile["existing"]> {
  const { text } = source;
  const last = source.statements.filter(isImport).at(-1);
  return {
    text,
    importAt: last === undefined ? 0 : lineAfter(text, endOf(source, last)),
    names: identifiers(source),
    runtimeName,
    types: new Set(typeNamesIn(source)),
    eol: /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n",
  };
}

interface Imported {
  local: string;
  /** Null for the module's whole value. */
  exported: string | null;
  specifier: string;
}

/** What a file imports of another in the same folder. */
function importsOf(source: ts.SourceFile, file: string): Imported[] {
  const folder = dirname(file);
  const leading = (specifier: ts.Node | undefined): string | null =>
    specifier !== undefined &&
    ts.isStringLiteralLike(specifier) &&
    withoutExtension(resolve(folder, specifier.text)) === withoutExtension(file)
      ? specifier.text
      : null;
  return source.statements.flatMap((statement): Imported[] => {
    if (ts.isImportDeclaration(statement)) {
      const { importClause, moduleSpecifier } = statement;
      const specifier = leading(moduleSpecifier);
      if (importClause === undefined || specifier === null) return [];
      const { name, namedBindings } = importClause;
      const named =
        namedBindings !== undefined && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
      return [
        ...(name === undefined ? [] : [{ local: name.text, exported: "default", specifier }]),
        ...named.map((each) => ({
          local: each.name.text,
          exported: (each.propertyName ?? each.name).text,
          specifier,
        })),
      ];
    }
    if (ts.isImportEqualsDeclaration(statement)) {
      const { moduleReference, name } = statement;
      const specifier = ts.isExternalModuleReference(moduleReference)
        ? leading(moduleReference.expression)
        : null;
      return specifier === null ? [] : [{ local: name.text, exported: null, specifier }];
    }
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }): Imported[] => {
      const specifier =
        initializer !== undefined && ts.isCallExpression(initializer)
          ? leading(initializer.arguments[0])
          : null;
      if (specifier === null) return [];
      if (ts.isIdentifier(name)) return [{ local: name.text, exported: null, specifier }];
      return name.elements.flatMap((each) => {
        if (ts.isOmittedExpression(each) || !ts.isIdentifier(each.name)) return [];
        const { propertyName = each.name } = each;
        return ts.isIdentifier(propertyName)
          ? [{ local: each.name.text, exported: propertyName.text, specifier }]
          : [];
      });
    });
  });
}

const withoutExtension = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/i, "");

const isImport = (statement: ts.Statement): boolean =>
  ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement) || isRequire(statement);
