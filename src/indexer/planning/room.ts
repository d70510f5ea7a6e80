import { ts } from "ts-morph";
import type { ClassFacts, Room } from "../../migration/facts.ts";
import { refusals } from "../../migration/refusals.ts";
import { exportTarget } from "./commonJs.ts";
import { commonJsExport } from "./commonJsExport.ts";
import type { HeldClass } from "./heldClasses.ts";
import { endOf, importPoint, lineStart, pointAfter } from "./points.ts";
import type { RuntimeNames } from "./runtimeNames.ts";

interface RoomInput {
  source: ts.SourceFile;
  /** For messages. */
  file: string;
  held: HeldClass;
  name: string;
  syntax: ClassFacts["syntax"];
  runtime: RuntimeNames;
}

/** Where an adapter goes in the file of its class, or why there is no room for it. */
export function roomIn(input: RoomInput): Room | { refused: string } {
  const { source, file, held, name, syntax, runtime } = input;
  const { text } = source;
  const { reference, statement } = held;
  if (exportsWhole(source)) return { refused: refusals.exportAssignment(name) };
  if (reference === null) {
    return { refused: name === "default" ? refusals.anonymous(file) : refusals.noReference(name) };
  }
  const end = pointAfter(text, endOf(source, statement));
  const importAt = importPoint(source, statement, syntax);
  const byAssignment = syntax === "commonjs" || source.statements.some((each) => exportTarget(each) !== null);
  const exportAt = byAssignment ? commonJsExport(source, text, reference, end) : null;
  if (byAssignment && exportAt === null) return { refused: refusals.noRoomForExport(name) };
  return {
    reference,
    margin: /^[ \t]*/.exec(text.slice(lineStart(text, statement.getStart(source))))?.[0] ?? "",
    end,
    importAt,
    exportAt,
    names: identifiers(source),
    runtimeName: runtime.values[0] ?? null,
    hazardAfterImport: continues(text, importAt.offset),
    hazardAfterExport: exportAt !== null && continues(text, exportAt.point.offset),
  };
}

const exportsWhole = (source: ts.SourceFile): boolean =>
  source.statements.some((each) => ts.isExportAssignment(each) && each.isExportEquals === true);

export function identifiers(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    else if (node.kind >= ts.SyntaxKind.FirstNode) ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** Whether the code after `offset` could continue a statement that ends there without a semicolon. */
function continues(text: string, offset: number): boolean {
  const code = text.slice(offset).replace(/^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/, "");
  return /^[([`+\-*/.,?]/.test(code);
}
