/** Why a class is not rewritten as a BaseAgent: one sentence each. */
export const rewriteRefusals = {
  javascript: (file: string) =>
    `${file} is JavaScript, where nothing proves who calls a method: migrate the class with an adapter.`,
  expression: (name: string) =>
    `${name} is no class declaration with a name at the top level of its file: write it as one first.`,
  migrated: (name: string) => `${name} has an adapter already: undo its migration first.`,
  mapped: (name: string, fields: string) =>
    `${name} is called as .proj-intel/adapters.json says (${fields}), and a BaseAgent is not: migrate it with an adapter.`,
  base: (name: string) => `${name} has a base class already: migrate it with an adapter.`,
  implemented: (name: string) => `${name} implements an interface, through which it may be called.`,
  decorated: (name: string) => `${name} is decorated, and decorators see the class as it is.`,
  collides: (name: string, member: string) => `${name} has a member "${member}", which BaseAgent has too.`,
  computed: (name: string) => `${name} has a member whose name is computed or any (an index signature).`,
  inspects: (name: string, what: string) => `${name} uses "${what}", which tells a subclass from a class.`,
  constructorOverloads: (name: string) => `${name} has several constructor signatures.`,
  hidden: (name: string) => `${name} has a constructor that is not public.`,
  returns: (name: string) => `The constructor of ${name} returns, so it may answer with another object.`,
  parameterThis: (name: string) => `A constructor parameter of ${name} has a default that uses "this".`,
  noMethod: (name: string) => `${name} has no method of its own that takes tasks.`,
  manyMethods: (name: string, methods: string) => `${name} has several methods that take tasks: ${methods}.`,
  method: (name: string, method: string, why: string) => `${method} of ${name} ${why}.`,
  second: (file: string) => `${file} holds an executeImpl already, and undoing could not tell the two apart.`,
  published: (name: string, file: string) =>
    `${name} is exported by a package that others may install: ${file} does not say "private": true.`,
  noConfig: (file: string) => `${file} belongs to no tsconfig.json, so nothing is known of who uses it.`,
  component: (name: string, file: string) => `${file} may use ${name}, and components are not looked into.`,
  unresolved: (specifier: string, place: string) =>
    `"${specifier}" in ${place} is not found, so it may lead to the class: install what is missing.`,
  dynamic: (place: string) => `What is loaded in ${place} is only known when it runs, and may be the class.`,
  used: (name: string, why: string, place: string) => `${name} ${why} in ${place}.`,
  typeError: (place: string, message: string) => `After it, ${place} would not compile: ${message}`,
  libraries: "The texts of TypeScript's libraries are missing: build or install opsvi-agents anew.",
} as const;
