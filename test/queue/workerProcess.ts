import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { dist } from "../host/workspace.ts";
import { withoutPassword } from "./servers.ts";

/** A worker as users start it: the built command line, in a process of its own. */
export class WorkerProcess {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  #told = "";

  /** @param queue with its password, which goes the way that passwords go */
  constructor(queue: string, root: string, ...args: string[]) {
    const { address, password } = withoutPassword(queue);
    const cli = join(dist, "cli.cjs");
    const command = [cli, "worker", "--queue", address, "--workspace", root, ...args];
    this.#child = spawn(process.execPath, command, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...(password !== "" && { OPSVI_AGENTS_QUEUE_PASSWORD: password }) },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#told += text));
    this.ended = new Promise((resolve) => this.#child.once("close", resolve));
  }

  /** Everything that it has said. */
  get told(): string {
    return this.#told;
  }

  /** Answers with its name, once it takes runs. */
  async ready(): Promise<string> {
    return (await this.says(/^Worker (\S+) takes runs of/m))[1] ?? "";
  }

  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (const until = Date.now() + 30_000; Date.now() < until;) {
      const found = pattern.exec(this.#told);
      if (found !== null) return found;
      if (this.#child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`The worker did not say ${String(pattern)}, but:\n${this.#told}`);
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    return this.ended;
  }

  /** As a machine that is switched off. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}
