import { Worker } from "node:worker_threads";
import { codeProblem } from "../../model/codeText.ts";
import { Patch, patchProblem } from "../../model/fix.ts";
import { codeLimits, type CodeAnswer, type CodeRequest } from "../../model/sandbox.ts";

const heapMb = 64;

/** Runs the code of solutions, each text in a thread of its own that nothing but the sandbox runs in. */
export class CodeRunner {
  readonly #file: string;

  /** @param file the bundle of the sandbox */
  constructor(file: string) {
    this.#file = file;
  }

  /** Answers with the patch that the code returns. Rejects with an error that says what went wrong, as the end of a sentence. */
  async run(code: string, input: { task: unknown; context: unknown }, signal?: AbortSignal): Promise<Patch> {
    // Whoever approved such a text has not seen what it does.
    const problem = codeProblem(code);
    if (problem !== null) throw new Error(`its code is not run: ${problem}`);
    const json = jsonOf(input);
    if (json.length > codeLimits.inputLength) throw new Error("its code would get more than 1 MiB");
    const answer = await this.#ask({ code, input: json }, signal);
    if ("problem" in answer) throw new Error(answer.problem);
    return patchIn(answer.json);
  }

  async #ask(request: CodeRequest, signal: AbortSignal | undefined): Promise<CodeAnswer> {
    const worker = new Worker(this.#file, {
      ...{ workerData: request, env: {}, argv: [], execArgv: [], stdin: false, stdout: true, stderr: true },
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    const ended = new AbortController();
    try {
      return await new Promise<CodeAnswer>((resolve) => {
        const fail = (problem: string) => resolve({ problem });
        const timer = setTimeout(() => fail("its code took too long"), codeLimits.threadMs);
        ended.signal.addEventListener("abort", () => clearTimeout(timer));
        const stop = () => fail("the run was stopped");
        signal?.addEventListener("abort", stop, { signal: ended.signal });
        if (signal?.aborted === true) stop();
        worker
          .once("message", (answer: CodeAnswer) => resolve(answer))
          .once("error", (error) => fail(`its code broke the sandbox: ${error.message}`))
          .once("exit", () => fail("its code ended the sandbox"));
      });
    } finally {
      ended.abort();
      await worker.terminate();
    }
  }
}

function jsonOf(input: unknown): string {
  try {
    return JSON.stringify(input);
  } catch {
    throw new Error("the task or the agent's state is no JSON");
  }
}

function patchIn(json: string): Patch {
  const read: unknown = json === "" ? null : JSON.parse(json);
  // Before anything walks it without a bound.
  const problem = patchProblem(read);
  if (problem !== null) throw new Error(`the patch of its code cannot be used: ${problem}`);
  const patch = Patch.safeParse(read);
  if (patch.success) return patch.data;
  const [issue] = patch.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new Error(
    `the patch of its code cannot be used: ${where === "" ? "" : `${where}: `}${issue?.message ?? "it is none"}`,
  );
}
