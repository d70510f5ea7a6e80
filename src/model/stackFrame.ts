/** A line of a stack of V8. */
export interface StackFrame {
  /** Null where it tells no function. */
  called: string | null;
  /** A path or a URL. */
  file: string;
  line: number;
  column: number;
}

const longestLine = 1000;

/**
 * Reads `at function (file:line:column)` and `at file:line:column`; null for all else. Only the outer parentheses count: names of
 * folders may have some, as in `Program Files (x86)`.
 */
export function stackFrame(text: string): StackFrame | null {
  if (text.length > longestLine) return null;
  const [lead] = /^\s*at (?:async )?/.exec(text) ?? [];
  if (lead === undefined) return null;
  const told = text.slice(lead.length);
  const open = told.endsWith(")") ? told.indexOf(" (") : -1;
  const place = open === -1 ? told : told.slice(open + 2, -1);
  const match = /^(.+):(\d+):(\d+)$/.exec(place);
  if (match === null) return null;
  const [, file = "", line, column] = match;
  return {
    called: open === -1 ? null : told.slice(0, open),
    file,
    line: Number(line),
    column: Number(column),
  };
}
