import type { ClassFacts, TypeParameter } from "./facts.ts";

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
  const lines = facts.language === "typescript" ? typescript(facts, names) : javascript(facts, names);
  const { indent, eol, semicolons } = facts.style;
  const body = [
    ...lines.head,
    `${indent}${indent}super(${lines.legacy}, {`,
    ...optionLines(facts, options).map((line) => indent.repeat(3) + line),
    `${indent}${indent}})${semicolons ? ";" : ""}`,
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

function typescript(facts: ClassFacts, { adapter, base }: AdapterNames): Lines {
  const { name, overloads, style } = facts;
  const { indent } = style;
  const args = typeArguments(facts.typeParameters);
  const parameters = facts.typeParameters.map(({ text }) => text).join(", ");
  const type = facts.expression ? `InstanceType<typeof ${name}>` : name + args;
  const keyword = facts.syntax === "esm" ? "export class" : "class";
  const constructorParameters = `ConstructorParameters<typeof ${name}${args}>`;
  const head = [
    doc(name),
    `${keyword} ${adapter}${parameters && `<${parameters}>`} extends ${base}<${type}> {`,
    ...overloads.map((list) => `${indent}constructor${list}${style.semicolons ? ";" : ""}`),
  ];
  if (overloads.length > 0) {
    head.push(`${indent}constructor(...args: unknown[]) {`);
    return { head, legacy: `new ${name}${args}(...(args as ${constructorParameters}))` };
  }
  const oneLine = `${indent}constructor(...args: ${constructorParameters}) {`;
  if (facts.margin.length + oneLine.length <= style.width) head.push(oneLine);
  else {
    head.push(`${indent}constructor(`, `${indent}${indent}...args: ${constructorParameters}`, `${indent}) {`);
  }
  return { head, legacy: `new ${name}${args}(...args)` };
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

function optionLines({ name, style }: ClassFacts, { agentType, capabilities }: AdapterOptions): string[] {
  const quoted = (text: string) => quote(text, style.quote);
  const properties = [`agentType: ${quoted(agentType)}`, `name: ${quoted(name)}`];
  if (capabilities !== undefined && capabilities.length > 0) {
    properties.push(`capabilities: [${capabilities.map(quoted).join(", ")}]`);
  }
  const last = properties.length - 1;
  return properties.map((text, index) => text + (index < last || style.trailingCommas ? "," : ""));
}

export function quote(text: string, mark: Quote): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return mark === '"' ? `"${inner}"` : `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
type Quote = ClassFacts["style"]["quote"];

const sentence = (name: string) => `${name} as a BaseAgent; the class above is unchanged.`;
const doc = (name: string) => `/** ${sentence(name)} */`;
const typeArguments = (parameters: readonly TypeParameter[]) =>
  parameters.length === 0 ? "" : `<${parameters.map(({ name }) => name).join(", ")}>`;
