import { ts } from "ts-morph";
import type { ImportExtension } from "../../migration/facts.ts";
import { requiredModule } from "../syntax/expressions.ts";

/** How most of a file's relative imports of code end. */
export function importExtensionOf(source: ts.SourceFile): ImportExtension | null {
  const votes: Record<ImportExtension, number> = { ".js": 0, ".ts": 0, "": 0 };
  for (const specifier of source.statements.flatMap(specifiersIn)) {
    const extension = extensionOf(specifier);
    if (extension !== null) votes[extension] += 1;
  }
  const found = ([".js", ".ts", ""] as const).filter((extension) => votes[extension] > 0);
  return found.toSorted((a, b) => votes[b] - votes[a])[0] ?? null;
}

function specifiersIn(statement: ts.Statement): string[] {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
    const { moduleSpecifier } = statement;
    return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : [];
  }
  if (ts.isImportEqualsDeclaration(statement)) {
    const { moduleReference } = statement;
    return ts.isExternalModuleReference(moduleReference) && ts.isStringLiteral(moduleReference.expression)
      ? [moduleReference.expression.text]
      : [];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ initializer }) =>
    initializer !== undefined && ts.isCallExpression(initializer) ? (requiredModule(initializer) ?? []) : [],
  );
}

/** Null for packages and for what is no code, such as `./styles.css`. */
function extensionOf(specifier: string): ImportExtension | null {
  if (!/^\.\.?(?:\/|$)/.test(specifier)) return null;
  if (/\.[cm]?jsx?$/.test(specifier)) return ".js";
  if (/\.[cm]?tsx?$/.test(specifier)) return ".ts";
  return /\.(?:json|node|css|scss|less|svg|png|html|txt|md|sql|graphql|vue|svelte)$/.test(specifier)
    ? null
    : "";
}
