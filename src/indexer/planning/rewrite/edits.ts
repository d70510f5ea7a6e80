import { ts } from "ts-morph";
import type { AdapterOptions } from "../../../migration/adapterText.ts";
import type { ClassFacts, Room } from "../../../migration/facts.ts";
import { baseType, superLines } from "../../../migration/rewriteText.ts";
import type { TextEdit } from "../../../model/migrationPlan.ts";
import type { RewriteShape } from "./shape.ts";

interface EditInput {
  source: ts.SourceFile;
  shape: RewriteShape;
  facts: ClassFacts;
  room: Room;
  options: AdapterOptions;
  /** The local name of BaseAgent. */
  base: string;
  /** The project's compiler wants to be told what overrides. */
  override: boolean;
}

/** What makes a class a BaseAgent: its heritage, the call of super, and the name of its method. */
export function rewriteEdits(input: EditInput): TextEdit[] {
  return [headingEdit(input), constructorEdit(input), methodEdit(input)];
}

/** From the word `class` on, so that undoing finds it by the name of the class. */
function headingEdit({ source, shape, base }: EditInput): TextEdit {
  const { node, task, value } = shape;
  const keyword = node.getChildren(source).find(({ kind }) => kind === ts.SyntaxKind.ClassKeyword);
  const start = keyword?.getStart(source) ?? node.getStart(source);
  const last = node.typeParameters?.end ?? node.name?.end ?? start;
  const end = node.typeParameters === undefined ? last : source.text.indexOf(">", last) + 1;
  return { start, end, text: `${source.text.slice(start, end)} extends ${baseType(base, task, value)}` };
}

function constructorEdit({ source, shape, facts, room, options }: EditInput): TextEdit {
  const { indent, eol } = facts.style;
  const lines = (level: number) =>
    superLines(facts, room.margin, options)
      .map((line) => room.margin + indent.repeat(level) + line)
      .join(eol);
  const margin = room.margin + indent;
  const body = shape.constructor?.body;
  if (body !== undefined) {
    const start = body.getStart(source) + 1;
    const sameLine = !/^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*\*\/[ \t]*)?(?:\r?\n|$)/.test(
      source.text.slice(start),
    );
    return { start, end: start, text: eol + lines(2) + (sameLine ? eol + margin : "") };
  }
  const { members } = shape.node;
  const brace = source.text.lastIndexOf("{", members.pos) + 1;
  const text = `${eol}${margin}constructor() {${eol}${lines(2)}${eol}${margin}}${eol}`;
  return { start: brace, end: brace, text };
}

function methodEdit({ source, shape: { method }, override }: EditInput): TextEdit {
  const [first] = method.modifiers ?? [];
  const async = method.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
  const words = ["protected", ...(override ? ["override"] : []), ...(async ? ["async"] : []), "executeImpl"];
  return {
    start: (first ?? method.name).getStart(source),
    end: method.name.end,
    text: words.join(" "),
  };
}
