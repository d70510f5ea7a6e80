import { ts } from "ts-morph";
import type { ClassFacts } from "../../migration/facts.ts";

type Extension = NonNullable<ClassFacts["importExtension"]>;

/** How most of a file's relative imports of code end. */
export function importExtensionOf(source: ts.SourceFile): Extension | null {
  const votes: Record<Extension, number> = { ".js": 0, ".ts": 0, "": 0 };
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const specifier = statement.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier)) continue;
    const extension = extensionOf(specifier.text);
    if (extension !== null) votes[extension] += 1;
  }
  const found = ([".js", ".ts", ""] as const).filter((extension) => votes[extension] > 0);
  return found.toSorted((a, b) => votes[b] - votes[a])[0] ?? null;
}

/** Null for packages and for what is no code, such as `./styles.css`. */
function extensionOf(specifier: string): Extension | null {
  if (!/^\.\.?(?:\/|$)/.test(specifier)) return null;
  if (/\.[cm]?jsx?$/.test(specifier)) return ".js";
  if (/\.[cm]?tsx?$/.test(specifier)) return ".ts";
  return /\.(?:json|node|css|scss|less|svg|png|html|txt|md|sql|graphql|vue|svelte)$/.test(specifier)
    ? null
    : "";
}
