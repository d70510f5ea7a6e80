import type { Style } from "./facts.ts";

/** Whether a line fits at a level of indentation. */
export type Fits = (level: number, line?: string) => boolean;

interface Place {
  style: Style;
  fits: Fits;
  /** Of the first line. */
  level: number;
}

/** A constant as code, after what stands before it on its line: on one line or, where that is too long, broken. */
export function literalLines(before: string, value: unknown, place: Place): string[] {
  const { style, fits, level } = place;
  const oneLine = before + literalText(value, style);
  const parts = partsOf(value, style);
  if (parts.length === 0 || fits(level, `${oneLine},`)) return [oneLine];
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const inner = parts.map(([name, part]) => literalLines(name, part, { ...place, level: level + 1 }));
  return [before + open, ...withCommas(inner, style).map((line) => style.indent + line), close];
}

/** The lines of several, one after the other. */
export function withCommas(items: readonly (readonly string[])[], { trailingCommas }: Style): string[] {
  return items.flatMap((lines, index) => [
    ...lines.slice(0, -1),
    (lines.at(-1) ?? "") + (trailingCommas || index < items.length - 1 ? "," : ""),
  ]);
}

function literalText(value: unknown, style: Style): string {
  if (typeof value === "string") return quote(value, style.quote);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = partsOf(value, style).map(([name, part]) => name + literalText(part, style));
  if (Array.isArray(value)) return `[${parts.join(", ")}]`;
  const space = style.bracketSpacing && parts.length > 0 ? " " : "";
  return `{${space}${parts.join(", ")}${space}}`;
}

/** What is in a list or an object, with the text before each. */
function partsOf(value: unknown, style: Style): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.map((item: unknown) => ["", item]);
  return Object.entries(value).map(([name, item]) => [`${keyText(name, style)}: `, item]);
}

function keyText(name: string, style: Style): string {
  // Written as others are, it would set the prototype.
  if (name === "__proto__") return `[${quote(name, style.quote)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name, style.quote);
}

export function quote(text: string, mark: Style["quote"]): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return mark === '"' ? `"${inner}"` : `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
