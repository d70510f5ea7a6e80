import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FILES_A_FOLDER = 40;
const LINES_OF_CODE = 60;

/** A tree like real ones: one file in three holds a class, one in sixty an agent; imports lead to other folders. */
export function writeTree(root: string, files: number): void {
  write(root, "package.json", '{ "name": "tree", "version": "1.0.0" }');
  write(root, "tsconfig.json", '{ "compilerOptions": { "paths": { "@tree/*": ["./src/*"] } } }');
  write(root, "src/base.ts", BASE);
  for (let n = 1; n < files; n += 1) write(root, pathOf(n), textOf(n));
}

/** An agent of the tree, relative to its root. */
export const someAgent = (): string => pathOf(60);

const pathOf = (n: number): string =>
  `src/area${Math.floor(n / (FILES_A_FOLDER * 25))}/part${Math.floor(n / FILES_A_FOLDER)}/file${n}.ts`;

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const BASE = `/** What all agents share. */
export abstract class BaseAgent {
  protected memory: string[] = [];
  abstract execute(task: string): Promise<string>;
  remember(fact: string): void { this.memory.push(fact); }
  sendMessage(to: string, text: string): void {}
}
`;

function textOf(n: number): string {
  if (n % 60 === 0) return `${agent(n)}${code(n)}`;
  if (n % 3 === 0) return `${service(n)}${code(n)}`;
  return `import { helper${n} } from "./helper";\n${code(n)}`;
}

const agent = (n: number): string => `import { BaseAgent } from "@tree/base";
import { step as firstStep } from "./steps";

/** Works on task ${n}. */
export class Task${n}Agent extends BaseAgent {
  private readonly tools = new Map<string, unknown>();
  async execute(task: string): Promise<string> {
    const plan = await this.planTask(task);
    for (const step of plan) this.remember(firstStep(step));
    return plan.join(", ");
  }
  async planTask(task: string): Promise<string[]> { return task.split(" "); }
}
`;

const service = (n: number): string => `import { Emitter, type Event } from "events";
import type { Options as Settings } from "./options";

export class Service${n} extends Emitter<Settings> implements Event<string> {
  private readonly entries = new Map<string, { id: number; text: string }>();
  get(id: string): { id: number; text: string } | undefined { return this.entries.get(id); }
  set(id: string, text: string): void { this.entries.set(id, { id: ${n}, text }); }
}
`;

const code = (n: number): string =>
  Array.from(
    { length: LINES_OF_CODE },
    (_, line) =>
      `export const value${n}_${line} = (input: number): number => (input > ${line} ? Math.max(input, ${n}) : input * ${line + 1}) as number;`,
  ).join("\n");
