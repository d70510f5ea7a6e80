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
  /** As the index calls it: "default" where it has no name. */
  name: string;
  /** What its adapter is called after; made of the file's name where the class has none. */
  label: string;
  language: "typescript" | "javascript";
  /** How the file's text imports. */
  syntax: "esm" | "commonjs";
  /** `const X = class {}`: X is no type, only a value. */
  expression: boolean;
  typeParameters: TypeParameter[];
  /** Parameter lists, with parentheses, where its own constructor has several. */
  overloads: string[];
  /** In how many ways its constructor, own or inherited, can be called. */
  signatures: number;
  style: Style;
  /** How its relative imports end: as the output is called, as the source is, or without extension; null where it has none. */
  importExtension: ImportExtension | null;
  /** Where the adapter goes in the file of the class, or why there is no room for it. */
  room: Room | { refused: string };
  /** How other files get at the class; null where they cannot. */
  reach: Reach | null;
  members: ClassMembers;
}

/** What can be called on the instances of a class, as far as its own code tells. */
export interface ClassMembers {
  /** Methods that everybody may call, as they stand in the class. */
  methods: string[];
  /** Methods that only the class itself, or one that extends it, may call. */
  hidden: string[];
  /** Every name that may stand for a function, whoever may call it. */
  names: string[];
  /** Names may come that the code does not write down. */
  open: boolean;
}

export type ImportExtension = ".js" | ".ts" | "";

/** Room for an adapter in the file of its class. */
export interface Room {
  /** How the file's own code names the class: `X`, `Space.X`. */
  reference: string;
  /** The indentation of the class itself. */
  margin: string;
  /** Where the adapter goes. */
  end: Point;
  /** Where the runtime import goes; "start" where only a shebang or nothing stands before it. */
  importAt: Point & { after: "import" | "header" | "start" };
  /** Where and onto what the adapter is exported, where modules export by assignment; null where by keyword. */
  exportAt: { point: Point; target: "module.exports" | "exports" } | null;
  /** Every identifier of the file. */
  names: ReadonlySet<string>;
  /** The local name of `UniversalAgentAdapter` where the file imports it already. */
  runtimeName: string | null;
  /** The next token could continue a statement that lacks its semicolon. */
  hazardAfterImport: boolean;
  hazardAfterExport: boolean;
}

/** How a file beside that of the class imports it. */
export interface Reach {
  /** `import`, `import x = require()`, `require()`. */
  form: "import" | "import=" | "require";
  /** The name it is exported under; null for the module's whole value. */
  exported: string | null;
  /** What follows the imported name: `.X` where that is a namespace. */
  path: string;
  /** What its type parameters and overloads speak of; null where some of that is not exported. */
  types: { parameters: TypeImport[] | null; overloads: TypeImport[] | null };
}

/** A type that another file has to import. */
export interface TypeImport {
  local: string;
  /** "*" for a whole module. */
  exported: string;
  /** As written; null for the file of the class. */
  specifier: string | null;
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
  /** How relative imports have to end where the file has none that tell. */
  importExtension: ImportExtension;
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

/** The file beside that of the class, which holds its adapter and perhaps others. */
export interface SiblingFile {
  /** Absolute. */
  path: string;
  /** Null where there is none yet. */
  existing: {
    text: string;
    /** Where further imports go: at the start of a line. */
    importAt: number;
    names: ReadonlySet<string>;
    runtimeName: string | null;
    /** The types it imports already, by local name. */
    types: ReadonlySet<string>;
    eol: Style["eol"];
  } | null;
}
