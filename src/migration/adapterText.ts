import type { ClassFacts, Style, TypeParameter } from "./facts.ts";
import { literalLines, withCommas, type Fits } from "./literalText.ts";
import type { MappedOptions } from "./mappedOptions.ts";

/** Where an adapter stands, and how things are named there. */
export interface Frame {
  adapter: string;
  /** The local name of `UniversalAgentAdapter`. */
  base: string;
  /** What names the legacy class: `X`, `Space.X`. */
  legacy: string;
  /** The indentation of the adapter itself. */
  margin: string;
  /** By keyword. */
  exported: boolean;
  /** In the file of the class. */
  besideClass: boolean;
  /** The lists of overloads can be written here as they stand in the class. */
  overloads: boolean;
}

export interface AdapterOptions {
  agentType: string;
  /** Left out, the adapter finds it by its name. */
  method?: string | undefined;
  /** What the project says of how the class is called. */
  mapped?: MappedOptions | undefined;
  /** Left out, the adapter looks at the legacy object's methods. */
  capabilities?: readonly string[] | undefined;
}

/** The adapter class, indented like the legacy class, without a line ending at either end. */
export function adapterText(facts: ClassFacts, frame: Frame, options: AdapterOptions): string {
  const { indent, eol, semicolons } = facts.style;
  const fits = fitsIn(facts.style, frame.margin);
  const { head, legacy } = (facts.language === "typescript" ? typescript : javascript)(facts, frame);
  const properties = optionLines(facts, options, fits);
  const end = semicolons ? ";" : "";
  const [start, args] = legacy;
  const oneLine = `${start}(${args})`;
  const call = [`super(${oneLine}, {`, ...properties.map((line) => indent + line), `})${end}`];
  const comma = facts.style.trailingCommas ? "," : "";
  const made = fits(3, `${oneLine},`) ? [`${oneLine},`] : [`${start}(`, indent + args + comma, "),"];
  const split = [...made, "{", ...properties.map((line) => indent + line), `}${comma}`];
  const apart = ["super(", ...split.map((line) => indent + line), `)${end}`];
  const body = [
    ...head,
    ...(fits(2, call[0]) ? call : apart).map((line) => indent.repeat(2) + line),
    `${indent}}`,
    "}",
  ];
  return body.map((line) => frame.margin + line).join(eol);
}

interface Lines {
  head: string[];
  /** The expression that constructs the legacy object, and its arguments. */
  legacy: [start: string, args: string];
}

/** Lines are broken where prettier would break them, so that it has nothing to do afterwards. */
export const fitsIn =
  (style: Style, margin: string): Fits =>
  (level, line = "") =>
    margin.length + level * widthOf(style.indent) + line.length <= style.width;

const widthOf = (indent: string) => (indent === "\t" ? 2 : indent.length);

function typescript(facts: ClassFacts, frame: Frame): Lines {
  const { overloads, style, typeParameters } = facts;
  const { indent, semicolons } = style;
  const fits = fitsIn(style, frame.margin);
  const args = typeArguments(typeParameters);
  const type = `typeof ${frame.legacy}${args}`;
  const made = `new ${frame.legacy}${args}`;
  const head = [`/** ${sentence(facts, frame)} */`, ...headingLines(facts, frame)];
  const parameters = `ConstructorParameters<${type}>`;
  if (overloads.length > 0 && frame.overloads) {
    head.push(...overloads.map((list) => `${indent}constructor${list}${semicolons ? ";" : ""}`));
    head.push(`${indent}constructor(...args: unknown[]) {`);
    return { head, legacy: [made, `...(args as ${parameters})`] };
  }
  if (facts.signatures > 1) {
    const lines = eachSignature(type, facts.signatures, style);
    head.push(`${indent}constructor(`, ...lines.map((line) => indent.repeat(2) + line), `${indent}) {`);
    return { head, legacy: [made, `...(args as ${parameters})`] };
  }
  const oneLine = `constructor(...args: ${parameters}) {`;
  const rest = `...args: ${parameters}`;
  if (fits(1, oneLine)) head.push(indent + oneLine);
  else if (fits(2, rest)) {
    head.push(`${indent}constructor(`, indent.repeat(2) + rest, `${indent}) {`);
  } else {
    head.push(`${indent}constructor(`, `${indent.repeat(2)}...args: ConstructorParameters<`);
    head.push(`${indent.repeat(3)}${type}`, `${indent.repeat(2)}>`, `${indent}) {`);
  }
  return { head, legacy: [made, "...args"] };
}

/** `ConstructorParameters` knows the last signature only. */
function eachSignature(type: string, count: number, { indent, semicolons }: Style): string[] {
  const names = Array.from({ length: count }, (_each, index) => `Args${index + 1}`);
  return [
    `...args: ${type} extends {`,
    ...names.map((name) => `${indent}new (...args: infer ${name}): unknown${semicolons ? ";" : ""}`),
    "}",
    `${indent}? ${names.join(" | ")}`,
    `${indent}: never`,
  ];
}

function headingLines(facts: ClassFacts, frame: Frame): string[] {
  const { expression, typeParameters, style } = facts;
  const { adapter, base, legacy, exported } = frame;
  const fits = fitsIn(style, frame.margin);
  const start = `${exported ? "export class" : "class"} ${adapter}`;
  const named = legacy + typeArguments(typeParameters);
  const type = expression ? `InstanceType<typeof ${named}>` : named;
  const own = typeParameters.length === 0 ? "" : `<${typeParameters.map(({ text }) => text).join(", ")}>`;
  const oneLine = `${start}${own} extends ${base}<${type}> {`;
  if (fits(0, oneLine) || type === legacy) return [oneLine];
  const open = `${start}${own} extends ${base}<`;
  // A parameter that is no more than a name stays where it is.
  const breaks = typeParameters.some(({ name, text }) => name !== text) && !fits(0, open);
  if (typeParameters.length > 1 || breaks) {
    const lines = withCommas(
      typeParameters.map(({ text }) => [text]),
      style,
    );
    return [`${start}<`, ...lines.map((line) => style.indent + line), `> extends ${base}<${type}> {`];
  }
  return [open, style.indent + type, "> {"];
}

/** The types stand in JSDoc, so that projects that check JavaScript lose nothing. */
function javascript(facts: ClassFacts, frame: Frame): Lines {
  const { style, signatures } = facts;
  const { adapter, base, legacy, exported } = frame;
  const args = typeArguments(facts.typeParameters);
  const type = facts.expression ? `InstanceType<typeof ${legacy}${args}>` : legacy + args;
  const parameters = `ConstructorParameters<typeof ${legacy}${args}>`;
  const several = signatures > 1;
  const all = eachSignature(`typeof ${legacy}${args}`, signatures, { ...style, semicolons: true });
  const union = all.map((line) => line.trim().replace("...args: typeof", "typeof")).join(" ");
  return {
    head: [
      "/**",
      ` * ${sentence(facts, frame)}`,
      ...facts.typeParameters.map(({ text }) => ` * @template ${text}`),
      ` * @extends {${base}<${type}>}`,
      " */",
      `${exported ? "export " : ""}class ${adapter} extends ${base} {`,
      `${style.indent}/** @param {${several ? union : parameters}} args */`,
      `${style.indent}constructor(...args) {`,
    ],
    legacy: [`new ${legacy}`, `...${several ? `/** @type {${parameters}} */ (args)` : "args"}`],
  };
}

/** The properties of the object that tells who the agent is. */
export function optionLines(
  { label, style }: ClassFacts,
  { agentType, method, mapped = {}, capabilities = [] }: AdapterOptions,
  fits: Fits,
): string[] {
  const listed = capabilities.length > 0 ? capabilities : undefined;
  const properties = { agentType, name: label, method, ...mapped, capabilities: listed };
  const lines = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => literalLines(`${name}: `, value, { style, fits, level: 3 }));
  return withCommas(lines, style);
}

const sentence = ({ label }: ClassFacts, { besideClass }: Frame) =>
  `${label} as a BaseAgent${label === "BaseAgent" ? " of opsvi-agents" : ""}; the class ${besideClass ? "above" : "itself"} is unchanged.`;
const typeArguments = (parameters: readonly TypeParameter[]) =>
  parameters.length === 0 ? "" : `<${parameters.map(({ name }) => name).join(", ")}>`;
