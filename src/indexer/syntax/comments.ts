import { ts } from "ts-morph";

export interface Comment {
  /** The description, without tags; null where there is none. */
  docstring: string | null;
  tags: string[];
  /** JSDoc types of parameters by name. */
  params: Map<string, { type: string; optional: boolean }>;
}

const NONE: Comment = { docstring: null, tags: [], params: new Map() };
const TAG = /^@([\w-]+)/;
const PARAM = /^@param\s+\{((?:[^{}]|\{[^{}]*\})*)\}\s+(\[)?([\w$]+)/;

/** The JSDoc comment before a node; tags count in any comment that follows it, too: `// @agent`. */
export function commentOf(text: string, node: ts.Node): Comment {
  const ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const at = ranges.findLastIndex(({ pos, end }) => text.startsWith("/**", pos) && end - pos > 4);
  const range = ranges[at];
  const comment = range === undefined ? NONE : parseComment(text.slice(range.pos + 3, range.end - 2));
  const more = ranges.slice(at + 1).flatMap(({ pos, end }) => tagsOf(text.slice(pos, end)));
  return more.length === 0 ? comment : { ...comment, tags: [...comment.tags, ...more] };
}

/** Of a comment that is no JSDoc. */
const tagsOf = (comment: string): string[] =>
  comment.split(/\r?\n/).flatMap((line) => TAG.exec(line.replace(/^\s*(?:\/\/|\/\*|\*)?\s*/, ""))?.[1] ?? []);

function parseComment(body: string): Comment {
  const lines = body.split(/\r?\n/).map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
  const firstTag = lines.findIndex((line) => TAG.test(line.trim()));
  const description = (firstTag < 0 ? lines : lines.slice(0, firstTag)).join("\n").trim();
  const tags: string[] = [];
  const params: Comment["params"] = new Map();
  for (const line of firstTag < 0 ? [] : lines.slice(firstTag)) {
    const tag = TAG.exec(line.trim())?.[1];
    if (tag !== undefined) tags.push(tag);
    const [, type = "", bracket, name] = PARAM.exec(line.trim()) ?? [];
    if (name !== undefined)
      params.set(name, {
        type: type.replace(/=$/, ""),
        optional: bracket !== undefined || type.endsWith("="),
      });
  }
  return { docstring: description === "" ? null : description, tags, params };
}
