import type { ClassFacts, Reach, Room, Style, TypeImport } from "./facts.ts";
import { quote } from "./literalText.ts";

export interface RuntimeImport {
  specifier: string;
  exported: "UniversalAgentAdapter" | "BaseAgent";
  /** The local name. */
  local: string;
}

/** The statement that imports a class of the runtime where its room is, and the line breaks around it that its place asks for. */
export function importText(
  { style, syntax }: Pick<ClassFacts, "style" | "syntax">,
  { importAt, hazardAfterImport }: Pick<Room, "importAt" | "hazardAfterImport">,
  runtime: RuntimeImport,
): string {
  const semicolons = style.semicolons || (syntax === "commonjs" && hazardAfterImport);
  const statement = runtimeImport({ ...style, semicolons }, syntax, runtime);
  const { eol } = style;
  switch (importAt.after) {
    case "import":
      return eol + statement + (importAt.rest === "" ? "" : eol);
    case "header":
      return eol + eol + statement + (importAt.rest === "" && importAt.blankAfter ? "" : eol);
    case "start":
      return statement + eol + eol;
  }
}

/** The statement alone. */
export function runtimeImport(style: Style, syntax: ClassFacts["syntax"], runtime: RuntimeImport): string {
  const { specifier, exported, local } = runtime;
  return syntax === "esm"
    ? from(style, `import ${named(style, exported, local, " as ")}`, specifier)
    : required(style, `const ${named(style, exported, local, ": ")}`, specifier);
}

/** The statement that imports the legacy class into a file beside its own. */
export function classImport(
  style: Style,
  reach: Reach,
  { specifier, local }: Omit<RuntimeImport, "exported">,
): string {
  const { form, exported: name } = reach;
  switch (form) {
    case "import":
      if (name === "default") return from(style, `import ${local}`, specifier);
      return from(style, `import ${named(style, name ?? local, local, " as ")}`, specifier);
    case "import=":
      return required(style, `import ${local}`, specifier);
    case "require":
      return required(style, `const ${name === null ? local : named(style, name, local, ": ")}`, specifier);
  }
}

export function typeImport(style: Style, { local, exported: name }: TypeImport, specifier: string): string {
  if (name === "*") return from(style, `import type * as ${local}`, specifier);
  return name === "default"
    ? from(style, `import type ${local}`, specifier)
    : from(style, `import type ${named(style, name, local, " as ")}`, specifier);
}

function named({ bracketSpacing }: Style, name: string, local: string, as: string): string {
  const names = name === local ? name : name + as + local;
  return bracketSpacing ? `{ ${names} }` : `{${names}}`;
}

const from = ({ quote: mark, semicolons }: Style, clause: string, specifier: string) =>
  `${clause} from ${quote(specifier, mark)}${semicolons ? ";" : ""}`;

const required = ({ quote: mark, semicolons }: Style, clause: string, specifier: string) =>
  `${clause} = require(${quote(specifier, mark)})${semicolons ? ";" : ""}`;
