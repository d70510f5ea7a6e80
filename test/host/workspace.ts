import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { Finished, RunEvent } from "../../src/model/runRecord.ts";
import { readRun } from "../../src/runs/readRun.ts";
import { RunService, type Run, type StartRequest } from "../../src/runs/runService.ts";

export const dist = resolve(import.meta.dirname, "../../dist");
if (!existsSync(join(dist, "agentHost.cjs")))
  throw new Error("These tests run what is built: npm run build.");

/** A workspace folder that ends with its test, and a service whose host runs under the Node of this test. */
export class Workspace {
  root = "";
  service = new RunService({ hostFile: "" });

  async open(): Promise<void> {
    this.root = await realpath(await mkdtemp(join(tmpdir(), "agents-")));
    this.reopen();
  }

  /** As another process would, after the one before is gone. */
  reopen(): void {
    this.service = new RunService({ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath });
  }

  async close(): Promise<void> {
    await this.service.dispose();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  async write(path: string, text: string): Promise<string> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  start(ref: string, task: unknown = {}, options: Partial<StartRequest> = {}): Watched {
    const [path = "", name = ""] = ref.split("#");
    return new Watched(
      this.root,
      this.service.start({ root: this.root, file: join(this.root, path), name, task, ...options }),
    );
  }

  /** Writes one module, runs one of its classes to the end. */
  async run(path: string, text: string, name: string, options: Partial<StartRequest> = {}): Promise<Watched> {
    await this.write(path, text);
    const run = this.start(`${path}#${name}`, options.task, options);
    await run.finished;
    return run;
  }
}

/** A run with everything it said. */
export class Watched {
  readonly id: string;
  readonly finished: Promise<Finished>;
  readonly events: RunEvent[] = [];
  readonly #root: string;
  readonly #run: Run;

  constructor(root: string, run: Run) {
    this.#root = root;
    this.#run = run;
    this.id = run.id;
    this.finished = run.finished;
    run.onEvent((event) => this.events.push(event));
  }

  cancel(): Promise<void> {
    return this.#run.cancel();
  }

  answer(answer: boolean | string, askedAt?: string): Promise<void> {
    return this.#run.answer(answer, askedAt);
  }

  /** Waits until an event fits, then answers with it. */
  async until<T extends RunEvent["type"]>(
    type: T,
    fits: (event: Extract<RunEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<RunEvent, { type: T }>> {
    const isWanted = (event: RunEvent): event is Extract<RunEvent, { type: T }> =>
      event.type === type && fits(event as Extract<RunEvent, { type: T }>);
    const found = this.events.find(isWanted);
    if (found) return found;
    return await new Promise((resolve, reject) => {
      const off = this.#run.onEvent((event) => {
        if (!isWanted(event)) return;
        off();
        resolve(event);
      });
      void this.finished.then(() => reject(new Error(`The run ended before an event "${type}".`)));
    });
  }

  get output(): unknown {
    return this.end.output;
  }

  get end(): Finished {
    const last = this.events.at(-1);
    if (last?.type !== "finished") throw new Error("The run has not finished.");
    return last;
  }

  log(stream: "stdout" | "stderr" = "stdout"): string {
    return this.events
      .map((event) => (event.type === "log" && event.stream === stream ? event.text : ""))
      .join("");
  }

  /** What is on disk, which must be what was heard: `finished` once, and last. */
  async record(): Promise<RunEvent[]> {
    const record = await readRun(this.#root, this.id);
    expect(record.map(({ type }) => type)).toEqual(this.events.map(({ type }) => type));
    expect(record.filter(({ type }) => type === "finished")).toEqual([record.at(-1)]);
    return record;
  }
}

/** A workspace for each test of a file. */
export function useWorkspace(): Workspace {
  const workspace = new Workspace();
  beforeEach(() => workspace.open());
  afterEach(() => workspace.close());
  return workspace;
}

/** Whether a process lives; resolves false as soon as it does not, at the latest after `ms`. */
export async function livesAfter(pid: number, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
