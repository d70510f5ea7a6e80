/**
 * The core as TypeScript that a project's own compiler writes along with its sources: what runs, and its types.
 * Any compiler options take it: what runs is not checked, and the types come with `import type` alone.
 * @param script the ES module bundle
 * @param types its declarations
 */
export function sourceTexts(script: string, types: string): Record<"core.ts" | "types.ts", string> {
  const list = /\nexport \{([^}]*)\};\s*$/.exec(script);
  if (list === null) throw new Error("The bundle of the core does not end with a list of its exports.");
  const values = (list[1] ?? "").split(",").map((name) => name.trim());
  const declared = declaredTypes(types);
  const typesOnly = [...declared.keys()].filter((name) => !values.includes(name));
  const code = [
    `import type * as Types from "./types.js";`,
    `export type { ${typesOnly.join(", ")} } from "./types.js";`,
    "const core = (() => {",
    script.slice(0, list.index),
    `return { ${values.join(", ")} };`,
    "})();",
    ...values.map((name) => `export const ${name}: typeof Types.${name} = core.${name};`),
    ...values.flatMap((name) => {
      const parameters = declared.get(name);
      if (parameters === undefined) return [];
      return `export type ${name}${parameters} = Types.${name}${namesOf(parameters)};`;
    }),
  ];
  return {
    "core.ts": `${code.join("\n")}\n`,
    "types.ts": types.replaceAll(/(?<=<reference lib="[^"]+") (?=\/>)/g, ' preserve="true" '),
  };
}

/** Exported classes and types with their lists of type parameters. */
function declaredTypes(types: string): Map<string, string> {
  const pattern = /^export (?:declare class|interface|type) (\w+)(<(?:[^<>]|<[^<>]*>)*>)?/gm;
  return new Map([...types.matchAll(pattern)].map(([, name = "", list = ""]) => [name, list]));
}

/** `<Task, T extends object = Record<string, unknown>>` → `<Task, T>`. */
function namesOf(list: string): string {
  const parameters = list
    .slice(1, -1)
    .replaceAll(/<[^<>]*>/g, "")
    .split(",");
  return list === "" ? "" : `<${parameters.map((each) => /\w+/.exec(each)?.[0] ?? "").join(", ")}>`;
}
