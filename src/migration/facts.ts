/** What the planner needs to know of a source file and its project: plain data, gathered by others. */

import type { FileChange } from "../model/migrationPlan.ts";

/** A place for new text. Offsets are UTF-16 and count a BOM. */
export interface Point {
  offset: number;
  /** The nearest text on the same line: "" where the line ends at `offset`. */
  rest: string;
  /** The line after is blank, or the file ends. */
  blankAfter: boolean;
}

export interface Style {
  quote: "'" | '"';
  semicolons: boolean;
  indent: string;
  eol: "\n" | "\r\n";
  trailingCommas: boolean;
  /** `{ a }` rather than `{a}`. */
  bracketSpacing: boolean;
  /** The longest line its authors let stand, at least 80. */
  width: number;
}

export interface TypeParameter {
  name: string;
  /** As written, without variance: `T extends object = {}`. */
  text: string;
}

/** A class that can be wrapped. */
export interface ClassFacts {
  name: string;
  language: "typescript" | "javascript";
  /** How the file's text imports and exports. */
  syntax: "esm" | "commonjs";
  /** `const X = class {}`: X is no type, only a value. */
  expression: boolean;
  typeParameters: TypeParameter[];
  /** Parameter lists, with parentheses, where its own constructor has several. */
  overloads: string[];
  style: Style;
  /** The indentation of the class itself. */
  margin: string;
  /** Where the adapter goes. */
  end: Point;
  /** Where the runtime import goes; "start" where only a shebang or nothing stands before it. */
  importAt: Point & { after: "import" | "header" | "start" };
  /** CommonJS only: where and onto what the adapter is exported; null where nothing can take a further name. */
  exportAt: { point: Point; target: "module.exports" | "exports" } | null;
  /** Every identifier of the file. */
  names: ReadonlySet<string>;
  /** How its relative imports end: as the output is called, as the source is, or without extension; null where it has none. */
  importExtension: ".js" | ".ts" | "" | null;
  /** The local name of `UniversalAgentAdapter` where the file imports it already. */
  runtimeName: string | null;
  /** The next token could continue a statement that lacks its semicolon. */
  hazardAfterImport: boolean;
  hazardAfterExport: boolean;
}

export type ClassResult = { facts: ClassFacts } | { migrated: string } | { refused: string };

/** What the runtime import depends on. */
export interface ProjectFacts {
  /** The folder of the package the file belongs to: that of the nearest package.json that is more than a type marker, else the workspace folder. */
  home: string;
  /** That package.json depends on `opsvi-agents`, or will. */
  dependency: boolean;
  /** What makes it do so; null where nothing has to be done. */
  manifest: FileChange | null;
  /** How Node and bundlers load the file. */
  format: "esm" | "commonjs";
  /** The package.json nearest to the file says `"type": "module"`. */
  typeModule: boolean;
  /** Where the project's own compiler writes the file's output; null where it writes none or a bundler takes over. */
  emitted: { path: string; config: string } | null;
  /** The vendored runtime's folder: an existing one of ours, else the first free name in `home`. */
  bundle: VendoredFolder;
  /** Likewise for the runtime that the compiler writes along; null where it cannot write it for the file. */
  source: VendoredFolder | null;
}

export interface VendoredFolder {
  /** Absolute. */
  folder: string;
  /** What is in it already. */
  files: ReadonlySet<string>;
}
