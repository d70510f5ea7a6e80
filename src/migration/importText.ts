import { quote } from "./adapterText.ts";
import type { ClassFacts } from "./facts.ts";

export interface RuntimeImport {
  specifier: string;
  exported: "UniversalAgentAdapter" | "BaseAgent";
  /** The local name. */
  local: string;
}

/** The statement that imports a class of the runtime, and the line breaks around it that its place asks for. */
export function importText(facts: ClassFacts, { specifier, exported, local }: RuntimeImport): string {
  const { style, syntax, importAt, hazardAfterImport } = facts;
  const names =
    local === exported ? exported : syntax === "esm" ? `${exported} as ${local}` : `${exported}: ${local}`;
  const braces = style.bracketSpacing ? `{ ${names} }` : `{${names}}`;
  const source = quote(specifier, style.quote);
  const end = style.semicolons || (syntax === "commonjs" && hazardAfterImport) ? ";" : "";
  const statement =
    syntax === "esm" ? `import ${braces} from ${source}${end}` : `const ${braces} = require(${source})${end}`;
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
