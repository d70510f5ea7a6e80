import { join } from "node:path";
import { readAdapterMapping } from "../runtime/index.ts";
import type { AgentRecord } from "../model/agentRecord.ts";
import { DeclaredTask } from "../model/hostProtocol.ts";
import { methodShape, taskTaker } from "../model/task/methodShape.ts";
import { taskShapeOf, type TaskShape } from "../model/task/taskShape.ts";
import { AgentReads, type ReadQuestion } from "./agentReads.ts";
import { KnownReads } from "./knownReads.ts";
import { usualSurroundings, type FindSurroundings } from "./runSurroundings.ts";
import type { LocalEngineOptions } from "./local/localEngine.ts";

export interface ShapeQuestion extends ReadQuestion {
  record: AgentRecord;
}

/** What the tasks of agents look like: by the schema that an agent declares, or else by the types of its method. */
export class TaskShapes {
  readonly #reads: AgentReads;
  readonly #known = new KnownReads<TaskShape | null>();

  constructor(
    options: (root: string) => LocalEngineOptions,
    surroundings: FindSurroundings = usualSurroundings,
  ) {
    this.#reads = new AgentReads(options, surroundings);
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
    await this.#reads.dispose();
  }

  /** Read anew where one of the files that it was read from has changed. */
  async #declared(question: ShapeQuestion): Promise<TaskShape | null> {
    const known = await this.#known.get(question);
    if (known !== null) return known.value;
    const answer = await this.#ask(question);
    // An agent that cannot be made says why when it runs.
    if (answer === null) return null;
    const shape = taskShapeOf(answer.schema);
    await this.#known.set(question, answer.files, shape);
    return shape;
  }

  async #ask(question: ShapeQuestion): Promise<DeclaredTask | null> {
    try {
      const { output } = await this.#reads.ask(question, "taskSchema");
      return DeclaredTask.safeParse(output).data ?? null;
    } catch {
      return null;
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
