import type { ClassFacts, Style, TypeParameter } from "./facts.ts";

export interface AdapterNames {
  adapter: string;
  /** The local name of `UniversalAgentAdapter`. */
  base: string;
}

export interface AdapterOptions {
  agentType: string;
  /** Left out, the adapter looks at the legacy object's methods. */
  capabilities?: readonly string[] | undefined;
}

/** The adapter class, indented like the legacy class, without a line ending at either end. */
export function adapterText(facts: ClassFacts, names: AdapterNames, options: AdapterOptions): string {
  const { indent, eol, semicolons } = facts.style;
  const { head, legacy } =
    facts.language === "typescript" ? typescript(facts, names) : javascript(facts, names);
  const properties = optionLines(facts, options);
  const end = semicolons ? ";" : "";
  const call = [`super(${legacy}, {`, ...properties.map((line) => indent + line), `})${end}`];
  const close = facts.style.trailingCommas ? "}," : "}";
  const split = [`${legacy},`, "{", ...properties.map((line) => indent + line), close];
  const apart = ["super(", ...split.map((line) => indent + line), `)${end}`];
  const body = [
    ...head,
    ...(fits(facts, 2, call[0]) ? call : apart).map((line) => indent.repeat(2) + line),
    `${indent}}`,
    "}",
  ];
  return body.map((line) => facts.margin + line).join(eol);
}

interface Lines {
  head: string[];
  /** The expression that constructs the legacy object. */
  legacy: string;
}

/** Lines are broken where prettier would break them, so that it has nothing to do afterwards. */
function fits({ margin, style }: ClassFacts, level: number, line = ""): boolean {
  return margin.length + level * widthOf(style.indent) + line.length <= style.width;
}

const widthOf = (indent: string) => (indent === "\t" ? 2 : indent.length);

function typescript(facts: ClassFacts, { adapter, base }: AdapterNames): Lines {
  const { name, overloads, style, typeParameters } = facts;
  const { indent, semicolons } = style;
  const args = typeArguments(typeParameters);
  const head = [`/** ${sentence(name)} */`, ...headingLines(facts, { adapter, base })];
  const parameters = `ConstructorParameters<typeof ${name}${args}>`;
  if (overloads.length > 0) {
    head.push(...overloads.map((list) => `${indent}constructor${list}${semicolons ? ";" : ""}`));
    head.push(`${indent}constructor(...args: unknown[]) {`);
    return { head, legacy: `new ${name}${args}(...(args as ${parameters}))` };
  }
  const oneLine = `constructor(...args: ${parameters}) {`;
  const rest = `...args: ${parameters}`;
  if (fits(facts, 1, oneLine)) head.push(indent + oneLine);
  else if (fits(facts, 2, rest)) {
    head.push(`${indent}constructor(`, indent.repeat(2) + rest, `${indent}) {`);
  } else {
    head.push(`${indent}constructor(`, `${indent.repeat(2)}...args: ConstructorParameters<`);
    head.push(`${indent.repeat(3)}typeof ${name}${args}`, `${indent.repeat(2)}>`, `${indent}) {`);
  }
  return { head, legacy: `new ${name}${args}(...args)` };
}

function headingLines(facts: ClassFacts, { adapter, base }: AdapterNames): string[] {
  const { name, expression, typeParameters, style } = facts;
  const start = `${facts.syntax === "esm" ? "export class" : "class"} ${adapter}`;
  const type = expression ? `InstanceType<typeof ${name}>` : name + typeArguments(typeParameters);
  const own = typeParameters.length === 0 ? "" : `<${typeParameters.map(({ text }) => text).join(", ")}>`;
  const oneLine = `${start}${own} extends ${base}<${type}> {`;
  if (fits(facts, 0, oneLine) || type === name) return [oneLine];
  if (typeParameters.length > 1) {
    const lines = withCommas(
      typeParameters.map(({ text }) => text),
      style,
    );
    return [`${start}<`, ...lines.map((line) => style.indent + line), `> extends ${base}<${type}> {`];
  }
  return [`${start}${own} extends ${base}<`, style.indent + type, "> {"];
}

/** The types stand in JSDoc, so that projects that check JavaScript lose nothing. */
function javascript(facts: ClassFacts, { adapter, base }: AdapterNames): Lines {
  const { name, style } = facts;
  const args = typeArguments(facts.typeParameters);
  const type = facts.expression ? `InstanceType<typeof ${name}>` : name + args;
  return {
    head: [
      "/**",
      ` * ${sentence(name)}`,
      ...facts.typeParameters.map(({ text }) => ` * @template ${text}`),
      ` * @extends {${base}<${type}>}`,
      " */",
      `${facts.syntax === "esm" ? "export " : ""}class ${adapter} extends ${base} {`,
      `${style.indent}/** @param {ConstructorParameters<typeof ${name}${args}>} args */`,
      `${style.indent}constructor(...args) {`,
    ],
    legacy: `new ${name}(...args)`,
  };
}

/** The properties of the object that tells who the agent is. */
export function optionLines(facts: ClassFacts, { agentType, capabilities }: AdapterOptions): string[] {
  const { name, style } = facts;
  const quoted = (text: string) => quote(text, style.quote);
  const properties = [[`agentType: ${quoted(agentType)}`], [`name: ${quoted(name)}`]];
  if (capabilities !== undefined && capabilities.length > 0) {
    const items = capabilities.map(quoted);
    const oneLine = `capabilities: [${items.join(", ")}]`;
    const lines = withCommas(items, style).map((item) => style.indent + item);
    properties.push(fits(facts, 3, `${oneLine},`) ? [oneLine] : ["capabilities: [", ...lines, "]"]);
  }
  const ends = withCommas(
    properties.map((lines) => lines.at(-1) ?? ""),
    style,
  );
  return properties.flatMap((lines, index) => [...lines.slice(0, -1), ends[index] ?? ""]);
}

function withCommas(items: readonly string[], { trailingCommas }: Style): string[] {
  return items.map((item, index) => item + (trailingCommas || index < items.length - 1 ? "," : ""));
}

export function quote(text: string, mark: Style["quote"]): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return mark === '"' ? `"${inner}"` : `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

const sentence = (name: string) => `${name} as a BaseAgent; the class above is unchanged.`;
const typeArguments = (parameters: readonly TypeParameter[]) =>
  parameters.length === 0 ? "" : `<${parameters.map(({ name }) => name).join(", ")}>`;
