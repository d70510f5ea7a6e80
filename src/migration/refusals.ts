import { listed } from "./names.ts";

/** Why a class is not migrated: one sentence each. */
export const refusals = {
  language: (file: string) => `${file} is neither TypeScript nor JavaScript.`,
  missing: (file: string) => `${file} does not exist or cannot be read.`,
  outside: (file: string) => `${file} lies outside the workspace folder.`,
  linkedOut: (file: string) =>
    `${file} leads out of the workspace folder through a link: migrate the class in the folder where its file lies.`,
  linked: (file: string, target: string) => `${file} is a link to ${target}: migrate the class there.`,
  linkedChange: (file: string, name: string) =>
    `${file}, which migrating ${name} would write, leads out of the workspace folder through a link: put the file or folder itself in its place first.`,
  declarations: (file: string) =>
    `${file} holds only declarations: migrate the class where it is implemented.`,
  built: (file: string) => `${file} is built output: migrate the source it is made from.`,
  vendored: (file: string) => `${file} belongs to the vendored opsvi-agents runtime.`,
  dependency: (file: string) => `${file} belongs to an installed package.`,
  syntaxErrors: (file: string, line: number, message: string) =>
    `${file} has a syntax error in line ${line} (${message.replace(/\.$/, "")}): correct it first.`,
  notFound: (file: string, name: string) =>
    `${file} holds no class called ${name} (was it moved or renamed?).`,
  noAgent: (file: string, name: string) =>
    `${name} is not an agent: the index of the folder knows of none with this name in ${file}.`,
  ambiguous: (file: string, name: string) =>
    `${file} declares ${name} more than once: give each class its own name.`,
  nested: (name: string) =>
    `${name} is declared inside a function or block, where no other code can reach an adapter: move it to the top level of its file.`,
  namespaced: (name: string) =>
    `${name} stands in a namespace that does not export it, so an adapter cannot reach it: export it there.`,
  anonymous: (file: string) =>
    `The default export of ${file} has no name that an adapter could refer to: name the class.`,
  unnamed: (file: string) =>
    `A class in ${file} is used where it stands and has no name: give it one at the top level of the file.`,
  noReference: (name: string) =>
    `${name} is a value that no name of its file stands for, and no other file can import it: write "class ${name} { … }".`,
  keptTypes: (name: string) =>
    `The type parameters of ${name === "default" ? "the class" : name} speak of types that its file does not export, so an adapter in another file cannot name them: export these types.`,
  reassigned: (name: string) =>
    `${name} is a variable that is assigned again, so an adapter could construct something else: write "const ${name} = …".`,
  annotated: (name: string, type: string) =>
    `${name} is annotated as ${type}, which does not tell how it is constructed: leave the annotation out.`,
  importEquals: (config: string) =>
    `${config} sets "verbatimModuleSyntax" for CommonJS modules, where an adapter cannot be exported with its type: turn it off first.`,
  ambient: (name: string) =>
    `${name} is only declared here ("declare"): migrate the class where it is implemented.`,
  instance: (name: string) =>
    `${name} is an agent that is made already, and only classes are migrated: it can be run as it is.`,
  factory: (name: string) =>
    `${name} is a function that makes agents, and only classes are migrated: it can be run as it is.`,
  abstract: (name: string) =>
    `${name} is abstract and cannot be constructed: migrate the classes that extend it.`,
  hiddenConstructor: (name: string, owner: string, visibility: string) =>
    owner === name
      ? `${name} has a ${visibility} constructor, so an adapter cannot construct it.`
      : `${name} inherits a ${visibility} constructor from ${owner}, so an adapter cannot construct it.`,
  noMethods: (name: string) =>
    `${name} has no public method that could take tasks: add one, for example "execute".`,
  noMethod: (name: string, method: string, methods: readonly string[]) =>
    methods.length === 0
      ? `${name} has no public method ${method}, nor any other: add one, for example "execute".`
      : `${name} has no public method ${method}: choose one of ${methods.join(", ")}.`,
  unknownMethod: (name: string) => `No method of ${name} takes tasks by its name: choose the one that does.`,
  calledBack: (name: string, callbacks: readonly string[]) =>
    `${name} is not given tasks: what runs it calls its ${listed(callbacks)}. Choose a method that is to take tasks all the same, or leave the class as it is.`,
  migrated: (name: string, adapter: string) => `${name} is migrated already: ${adapter} wraps it.`,
  migratedBeside: (name: string, adapter: string, file: string) =>
    `${name} is migrated already: ${adapter} in ${file} wraps it.`,
  migratedElsewhere: (name: string) => `${name} is migrated already: a class in another file wraps it.`,
  upToDate: (name: string, adapter: string) =>
    `${adapter} is up to date: what it was made from in ${name} has not changed.`,
  editedAdapter: (name: string, adapter: string) =>
    `${adapter} was edited by hand, and what it was made from in ${name} has not changed: there is nothing to update.`,
  editedAndOutgrown: (name: string, adapter: string) =>
    `${adapter} was written or edited by hand, and an update would undo that: make it follow ${name} by hand, or delete it and migrate ${name} again.`,
  notMigrated: (name: string) => `${name} has no adapter yet: migrate it first.`,
  adapterElsewhere: (name: string) =>
    `The adapter of ${name} stands where no migration puts one, and is not updated there: change it by hand.`,
  isAdapter: (name: string) => `${name} is itself an adapter.`,
  isBaseAgent: (name: string) => `${name} is a BaseAgent already.`,
  script: (file: string) =>
    `${file} is a script, neither importing nor exporting anything, and an import would turn it into a module: export the class first.`,
  exportAssignment: (name: string) =>
    `${name} is exported with "export =", which leaves no room for an adapter beside it: use "export class ${name}" or "export default".`,
  mixedExports: (file: string) =>
    `${file} is TypeScript but exports with module.exports: use "export" so that an import can be added.`,
  noRoomForExport: (name: string) =>
    `${name} stands in a module whose "module.exports" is a value that may take no further name for the adapter: write "module.exports = { ${name} }".`,
  constructorFunction: (name: string) =>
    `${name} is a function with a prototype: write it as a class first ("class ${name} { … }").`,
  component: (file: string) =>
    `${file} is a component, where an adapter has no place: move the class to a file of its own.`,
  nestedExpression: (name: string) =>
    `${name} is a class expression within other code, which may make something else of it: write "class ${name} { … }".`,
  target: (config: string) =>
    `${config} compiles to ES5, whose classes cannot extend the runtime's: raise "target" to ES2015 or later.`,
  moduleFormat: (config: string, format: string) =>
    `${config} compiles to ${format} modules, which cannot load the runtime: use CommonJS or ES modules.`,
  noManifest: (file: string) =>
    `${file} does not exist, so "opsvi-agents" cannot be added to it: choose the vendored runtime, or write a package.json first.`,
  brokenManifest: (file: string) =>
    `${file} is not valid JSON, so "opsvi-agents" cannot be added to it: correct it first.`,
  emitted: (config: string, source: string, output: string) =>
    `${config} writes ${source} to ${output}, from where the runtime's folder is not found under the same relative path: choose the runtime "package" instead of "vendored", or let "rootDir" and "outDir" lie side by side in the package's folder.`,
} as const;
