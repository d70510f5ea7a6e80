import { join } from "node:path";
import type { Command } from "commander";
import { codeProblem, inSentence } from "../../model/codeText.ts";
import { actionOf } from "../../model/fix.ts";
import { UserError } from "../../model/userError.ts";
import { codeHash } from "../../runs/fixes/knownFixes.ts";
import { ErrorPatternLearner } from "../../runtime/index.ts";
import type { Output } from "../output.ts";
import { askPerson, openTerminal } from "../terminal.ts";
import { workspaceFolder, workspaceOption } from "../workspace.ts";
import { approve, isApproved } from "./approvals.ts";

interface ApproveOptions {
  yesHash?: string;
  workspace?: string;
}

/** `patterns approve` */
export function addApproveCommand(program: Command, output: Output, done: (exitCode: number) => void): void {
  const patterns =
    program.commands.find((command) => command.name() === "patterns") ??
    program
      .command("patterns")
      .description("the known errors of a workspace folder, and what helps against them");
  patterns
    .command("approve")
    .description("read the code of a solution, and let --auto-fix run that very text in its sandbox")
    .argument("<signature>", "of the pattern")
    .argument("<fix>", "the words of the solution")
    .option("--yes-hash <sha256>", "approve without being asked, where the text has this hash")
    .option(...workspaceOption())
    .action(async (signature: string, fix: string, options: ApproveOptions) =>
      done(await approveCommand({ signature, fix }, options, output)),
    );
}

async function approveCommand(
  solution: { signature: string; fix: string },
  { yesHash, workspace }: ApproveOptions,
  output: Output,
): Promise<number> {
  const code = codeOf(workspaceFolder(workspace), solution);
  const problem = codeProblem(code);
  if (problem !== null)
    throw new UserError(
      `The code of the solution "${inSentence(solution.fix)}" cannot be approved: ${problem}.`,
    );
  const hash = codeHash(solution, code);
  output.line(code);
  output.note(`SHA-256   ${hash}`);
  if (isApproved(hash)) {
    output.note("This text is approved already.");
    return 0;
  }
  if (yesHash !== undefined && yesHash.toLowerCase() !== hash)
    throw new UserError("The text has another hash, so it was not approved: read it again.");
  if (yesHash === undefined && !(await isWanted())) {
    output.note("Not approved.");
    return 1;
  }
  approve(hash);
  output.note("Approved: --auto-fix may run this text, and no other, in its sandbox.");
  return 0;
}

async function isWanted(): Promise<boolean> {
  const terminal = openTerminal();
  if (terminal === null)
    throw new UserError("Nobody can be asked here: read the text and give its hash as --yes-hash SHA256.");
  const question = { kind: "approve", message: "Approve this text?" } as const;
  return (await askPerson(question, terminal, new AbortController().signal)) === true;
}

function codeOf(root: string, { signature, fix }: { signature: string; fix: string }): string {
  const learner = new ErrorPatternLearner(join(root, ".proj-intel"), { onWarning: () => undefined });
  const pattern = learner.patterns().find(({ error_signature }) => error_signature === signature);
  if (pattern === undefined) throw new UserError(`There is no error pattern ${signature} in ${root}.`);
  const found = pattern.solutions.find((each) => each.fix === fix);
  if (found === undefined) {
    const names = pattern.solutions.map((each) => JSON.stringify(each.fix)).join(", ");
    throw new UserError(
      `Pattern ${signature} has no solution "${fix}"${names === "" ? "" : `, but ${names}`}.`,
    );
  }
  const read = actionOf(found.action);
  if ("problem" in read || read.action.type !== "code")
    throw new UserError(`The solution "${fix}" has no code: there is nothing to approve.`);
  return read.action.code;
}
