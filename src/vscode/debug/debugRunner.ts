import * as vscode from "vscode";
import { displayName } from "../../model/displayName.ts";
import type { Run } from "../../runs/runService.ts";
import { showFailure, type Log } from "../answers.ts";
import { saveSources } from "../run/runnable.ts";
import type { RunInputs } from "../run/runInputs.ts";
import type { Runnable, Runner } from "../run/runner.ts";
import { attachDebugger } from "./debugSession.ts";
import { refuseWithoutDebugger } from "./nodeDebugger.ts";

/** Runs agents under VS Code's debugger. */
export class DebugRunner {
  readonly #runner: Runner;
  readonly #bundles: string;
  readonly #log: Log;

  /** @param bundles the folder of our own code */
  constructor(runner: Runner, bundles: string, log: Log) {
    this.#runner = runner;
    this.#bundles = bundles;
    this.#log = log;
  }

  /** A run that begins once the debugger is attached, and is cancelled when it ends first. Throws a UserError where there is none. */
  start(agent: Runnable, inputs: RunInputs): Run {
    refuseWithoutDebugger(vscode.extensions.all);
    const { folder } = agent;
    const name = displayName(agent.name);
    const run = this.#runner.startDebugged(agent, inputs, (inspector) =>
      attachDebugger(
        { folder, name, inspector, skip: [this.#bundles] },
        {
          onEnd: () => void run.cancel(),
          onRestart: () =>
            void this.#restart(run, agent, inputs).catch((error: unknown) => showFailure(error, this.#log)),
        },
      ),
    );
    return run;
  }

  /** The process is another one then, with the files as they are now. */
  async #restart(run: Run, agent: Runnable, inputs: RunInputs): Promise<void> {
    await run.cancel();
    await saveSources(agent.folder);
    this.start(agent, inputs);
  }
}
