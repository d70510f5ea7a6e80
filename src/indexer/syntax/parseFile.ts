import { ts } from "ts-morph";
import { isComponent } from "../../model/componentFile.ts";
import { componentScript, isTypedComponent } from "../componentScript.ts";
import { languageOf } from "../paths.ts";
import type { FileModel } from "./fileModel.ts";
import { FileVisitor } from "./fileVisitor.ts";

const KINDS: Readonly<Record<string, ts.ScriptKind>> = {
  ts: ts.ScriptKind.TS,
  mts: ts.ScriptKind.TS,
  cts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
  vue: ts.ScriptKind.TS,
  svelte: ts.ScriptKind.TS,
};

/** Reads the classes and the names of one file. Syntax errors are tolerated; nesting too deep for the stack throws RangeError. */
export function parseFile(path: string, text: string): FileModel {
  const isTyped = isComponent(path) && isTypedComponent(text);
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const file = ts.createSourceFile(
    path,
    isComponent(path) ? componentScript(text) : text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
    KINDS[extension] ?? ts.ScriptKind.JSX,
  );
  const model = new FileVisitor(file).visitAll();
  model.language = isTyped ? "typescript" : languageOf(path);
  model.syntaxError = firstError(file);
  return model;
}

/** The parser keeps its errors on the tree but out of the public types. */
function firstError(file: ts.SourceFile): FileModel["syntaxError"] {
  const [error] =
    (file as ts.SourceFile & { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ??
    [];
  if (error === undefined) return null;
  return {
    line: file.getLineAndCharacterOfPosition(error.start).line + 1,
    message: ts.flattenDiagnosticMessageText(error.messageText, " "),
  };
}
