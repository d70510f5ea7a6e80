const agent = (name: string, result: string) =>
  `export class ${name} {\n  async execute(task: string) {\n    return ${result};\n  }\n}\n`;

/** A small project: what is ready, what cannot be migrated, and a class whose adapter brings a type error. */
export const desk: Record<string, string> = {
  "package.json": '{ "name": "desk", "private": true, "type": "module" }\n',
  "tsconfig.json": `${JSON.stringify({
    compilerOptions: {
      ...{ target: "ES2022", lib: ["ES2023", "DOM"], types: [], module: "preserve" },
      ...{ moduleResolution: "bundler", allowImportingTsExtensions: true, strict: true, noEmit: true },
    },
    include: ["src"],
  })}\n`,
  "src/greetAgent.ts": agent("GreetAgent", "`Hello, ${task}`"),
  "src/wordAgents.ts": `${agent("CountAgent", "task.length")}\n${agent("UpperAgent", "task.toUpperCase()")}`,
  // Both modules export the name of the adapter once it is there: index.ts is ambiguous then.
  "src/clashAgent.ts": agent("ClashAgent", "task"),
  "src/names.ts": 'export const ClashAgentAdapter = "taken";\n',
  "src/index.ts": 'export * from "./clashAgent.ts";\nexport * from "./names.ts";\n',
  "src/vaultAgent.ts":
    "export class VaultAgent {\n  private constructor() {}\n  static open = () => new VaultAgent();\n  async execute(task: string) {\n    return task;\n  }\n}\n",
};
