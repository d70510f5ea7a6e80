import { CodeRunner } from "../runs/fixes/codeRunner.ts";
import { fixBook } from "../runs/fixes/knownFixes.ts";
import type { FixOptions } from "../runs/fixes/runFixes.ts";
import { bundles } from "./bundles.ts";
import { isApproved } from "./patterns/approvals.ts";
import type { RunOptions } from "./runOptions.ts";

/** Known solutions for runs that fail, where they are asked for. */
export function fixes({ autoFix }: Pick<RunOptions, "autoFix">): FixOptions | undefined {
  if (autoFix !== true) return undefined;
  const runner = new CodeRunner(bundles.sandbox);
  return {
    ...{ isOn: () => true, isApproved, book: fixBook },
    runCode: (...given) => runner.run(...given),
  };
}
