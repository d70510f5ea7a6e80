import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { v7 as uuid } from "uuid";
import { readAdapterMapping } from "../runtime/index.ts";
import type { AgentRecord } from "../model/agentRecord.ts";
import { DeclaredTask } from "../model/hostProtocol.ts";
import { usualLimits } from "../model/runLimits.ts";
import { methodShape, taskTaker } from "../model/task/methodShape.ts";
import { taskShapeOf, type TaskShape } from "../model/task/taskShape.ts";
import { usualSurroundings, type FindSurroundings } from "./runSurroundings.ts";
import { LocalEngine, type LocalEngineOptions } from "./local/localEngine.ts";

export interface ShapeQuestion {
  /** Absolute path of the workspace folder. */
  root: string;
  record: AgentRecord;
  /** Constructor arguments: an agent has to be made to tell its schema. */
  args: unknown[];
  signal?: AbortSignal | undefined;
}

interface Known {
  args: unknown[];
  stamps: Map<string, string>;
  shape: TaskShape | null;
}

/** How long an agent may take to be loaded and made before its tasks are given as JSON. */
const longestMs = 10_000;

/** What the tasks of agents look like: by the schema that an agent declares, or else by the types of its method. */
export class TaskShapes {
  readonly #options: (root: string) => LocalEngineOptions;
  readonly #surroundings: FindSurroundings;
  readonly #known = new Map<string, Known>();
  readonly #engines = new Set<LocalEngine>();

  constructor(
    options: (root: string) => LocalEngineOptions,
    surroundings: FindSurroundings = usualSurroundings,
  ) {
    this.#options = options;
    this.#surroundings = surroundings;
  }

  /** Null where nothing tells: tasks are JSON then. */
  async of(question: ShapeQuestion): Promise<TaskShape | null> {
    const { root, record } = question;
    if (isMapped(root, record)) return null;
    const declared = mayDeclare(record) ? await this.#declared(question) : null;
    if (declared !== null) return declared;
    const taker = taskTaker(record);
    return taker === undefined ? null : methodShape(taker);
  }

  /** Ends every process. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#engines].map((engine) => engine.dispose()));
  }

  /** Read anew where one of the files that it was read from has changed. */
  async #declared(question: ShapeQuestion): Promise<TaskShape | null> {
    const { root, record, args } = question;
    const key = `${root}|${record.file_path}#${record.name}`;
    const known = this.#known.get(key);
    if (known && isDeepStrictEqual(known.args, args) && (await isCurrent(known.stamps))) return known.shape;
    const answer = await this.#ask(question);
    // An agent that cannot be made says why when it runs.
    if (answer === null) return null;
    const stamps = new Map<string, string>();
    for (const file of answer.files) stamps.set(file, await stampOf(file));
    const shape = taskShapeOf(answer.schema);
    this.#known.set(key, { args, stamps, shape });
    return shape;
  }

  async #ask({ root, record, args, signal }: ShapeQuestion): Promise<DeclaredTask | null> {
    const engine = new LocalEngine(this.#options(root));
    this.#engines.add(engine);
    const end = () => void engine.dispose();
    signal?.addEventListener("abort", end);
    try {
      const around = await this.#surroundings(root);
      const worker = await engine.worker(root);
      const { name, file_path } = record;
      const request = { root, file: join(root, file_path), name, args, task: null };
      const reads = { runId: uuid(), ...usualLimits, timeoutMs: longestMs, reads: "taskSchema" as const };
      const { output } = await worker.run({ ...request, ...around, ...reads }, () => undefined);
      return DeclaredTask.safeParse(output).data ?? null;
    } catch {
      return null;
    } finally {
      signal?.removeEventListener("abort", end);
      await engine.dispose();
      this.#engines.delete(engine);
    }
  }
}

/** Only what extends BaseAgent, or may be one, declares a schema. */
function mayDeclare({ base_chain: bases, kind, framework }: AgentRecord): boolean {
  if (kind !== "class") return framework === null;
  return bases.some(({ name }) => name === "BaseAgent" || name === "UniversalAgentAdapter");
}

/** Where a mapping names method or arguments, the parameters do not tell what a task is. */
function isMapped(root: string, { name, base_chain: bases }: AgentRecord): boolean {
  try {
    const mapping = readAdapterMapping(join(root, ".proj-intel"));
    return [name, ...bases.map((base) => base.name)].some((of) => {
      const entry = Object.hasOwn(mapping, of) ? mapping[of] : undefined;
      return entry?.method !== undefined || entry?.arguments !== undefined;
    });
  } catch {
    // The run says what is wrong with it.
    return true;
  }
}

async function isCurrent(stamps: Map<string, string>): Promise<boolean> {
  for (const [file, stamp] of stamps) if ((await stampOf(file)) !== stamp) return false;
  return true;
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found === null ? "" : `${found.mtimeMs} ${found.size}`;
}
