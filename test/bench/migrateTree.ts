import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const BASES = ["Base", "Tool", "Planning", "Review", "Stream"];
const A_FOLDER = 20;
const repository = resolve(import.meta.dirname, "../..");

/** A package with so many agent classes, each in a file of its own, and one module that exports them all. */
export function writeAgents(root: string, count: number): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const numbers = Array.from({ length: count }, (_, n) => n);
  write("package.json", JSON.stringify({ name: "agents", version: "1.0.0", type: "module" }, null, 2));
  write("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include: ["src"] }, null, 2));
  for (const [n, name] of BASES.entries()) write(`src/bases/${lower(name)}Agent.ts`, base(name, n));
  write("src/types.ts", TYPES);
  for (const n of numbers) write(pathOf(n), agent(n));
  write("src/index.ts", numbers.map((n) => `export * from "./${pathOf(n).slice(4, -3)}.js";\n`).join(""));
  mkdirSync(join(root, "node_modules/@types"), { recursive: true });
  for (const name of ["typescript", "@types/node", "undici-types"]) {
    symlinkSync(join(repository, "node_modules", name), join(root, "node_modules", name), "junction");
  }
}

const OPTIONS = {
  strict: true,
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  types: ["node"],
  skipLibCheck: true,
  outDir: "dist",
  rootDir: "src",
};

const lower = (name: string): string => name.toLowerCase();
const pathOf = (n: number): string => `src/agents/team${Math.floor(n / A_FOLDER)}/worker${n}Agent.ts`;

const TYPES = `export interface Task { id: string; text: string; tags?: readonly string[] }
export interface Outcome<T = unknown> { task: Task; value: T; tookMs: number; notes: string[] }
export interface Settings { retries: number; model: string; timeoutMs?: number }
export type Step = { kind: "ask"; prompt: string } | { kind: "call"; tool: string; args: Record<string, unknown> };
`;

const base = (
  name: string,
  n: number,
): string => `import type { Outcome, Settings, Step, Task } from "../types.js";

/** What ${lower(name)} agents share. */
export abstract class ${name}Agent<T = string> {
  protected readonly seen = new Map<string, Outcome<T>>();
  constructor(protected readonly settings: Settings, readonly label = "agent ${n}") {}
  abstract execute(task: Task): Promise<Outcome<T>>;
  protected steps(task: Task): Step[] {
    return task.text.split(" ").map((word) =>
      word.length > ${n + 3} ? { kind: "ask", prompt: word } : { kind: "call", tool: word, args: { word } },
    );
  }
  protected remember(outcome: Outcome<T>): Outcome<T> {
    this.seen.set(outcome.task.id, outcome);
    return outcome;
  }
}
`;

function agent(n: number): string {
  const name = BASES[n % BASES.length] ?? "";
  return `import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import { ${name}Agent } from "../../bases/${lower(name)}Agent.js";
import type { Outcome, Settings, Step, Task } from "../../types.js";

interface Report${n} {
  words: number;
  calls: Record<string, number>;
  hash: string;
}

/** Works on tasks of kind ${n}. */
export class Worker${n}Agent extends ${name}Agent<Report${n}> {
  readonly events = new EventEmitter();
  readonly #queue: Task[] = [];

  constructor(settings: Settings, private readonly limit: number = ${n}, ...tags: string[]) {
    super(settings, tags.join(" "));
  }

  async execute(task: Task): Promise<Outcome<Report${n}>> {
    const startedAt = Date.now();
    this.#queue.push(task);
    const calls: Record<string, number> = {};
    for (const step of this.steps(task).slice(0, this.limit)) {
      const done = await this.take(step);
      calls[done] = (calls[done] ?? 0) + 1;
    }
    const hash = createHash("sha256").update(JSON.stringify(calls)).digest("hex");
    const value = { words: task.text.split(/\\s+/).length, calls, hash };
    this.events.emit("done", task.id, value);
    return this.remember({ task, value, tookMs: Date.now() - startedAt, notes: this.notesOf(value) });
  }

  private async take(step: Step): Promise<string> {
    switch (step.kind) {
      case "ask":
        return await Promise.resolve(step.prompt.toUpperCase());
      case "call":
        return Object.entries(step.args).map(([key, argument]) => \`\${key}=\${String(argument)}\`).join("&");
    }
  }

  private notesOf({ calls, words }: Report${n}): string[] {
    return Object.entries(calls)
      .filter(([, count]) => count > 1)
      .map(([call, count]) => \`\${call} ran \${count} times in \${words} words\`)
      .sort((a, b) => a.localeCompare(b));
  }
}
`;
}
