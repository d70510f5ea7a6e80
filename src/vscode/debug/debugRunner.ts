import { displayName } from "../../model/displayName.ts";
import type { Run } from "../../runs/runService.ts";
import type { RunInputs } from "../run/runInputs.ts";
import type { Runnable, Runner } from "../run/runner.ts";
import { attachDebugger, refuseWithoutDebugger } from "./debugSession.ts";

/** Runs agents under VS Code's debugger. */
export class DebugRunner {
  readonly #runner: Runner;
  readonly #bundles: string;

  /** @param bundles the folder of our own code */
  constructor(runner: Runner, bundles: string) {
    this.#runner = runner;
    this.#bundles = bundles;
  }

  /** A run that begins once the debugger is attached, and is cancelled when it ends first. Throws a UserError where there is none. */
  start(agent: Runnable, inputs: RunInputs): Run {
    refuseWithoutDebugger();
    const { folder } = agent;
    const name = displayName(agent.name);
    const run = this.#runner.startDebugged(agent, inputs, (inspector) =>
      attachDebugger({ folder, name, inspector, skip: [this.#bundles] }, () => void run.cancel()),
    );
    return run;
  }
}
