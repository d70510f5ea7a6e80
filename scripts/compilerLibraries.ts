import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The texts of TypeScript's libraries, without their comments: for the type check of projects that have no compiler. */
export function copyCompilerLibraries(folder: string): void {
  const source = dirname(fileURLToPath(import.meta.resolve("typescript")));
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(source)) {
    if (!/^lib\..*\.d\.ts$|^lib\.d\.ts$/.test(name)) continue;
    writeFileSync(join(folder, name), withoutComments(readFileSync(join(source, name), "utf8")));
  }
}

function withoutComments(text: string): string {
  const { SyntaxKind } = ts;
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  let result = "";
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const token = scanner.getTokenText();
    // Three slashes refer to other libraries.
    const comment =
      kind === SyntaxKind.MultiLineCommentTrivia ||
      (kind === SyntaxKind.SingleLineCommentTrivia && !token.startsWith("///"));
    if (!comment) result += token;
  }
  return result.replaceAll(/\s*\n\s*/g, "\n");
}
