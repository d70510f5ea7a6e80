import { join } from "node:path";
import { UserError } from "../../model/userError.ts";
import { AgentUsageError, StoreError, type ErrorPattern } from "../../runtime/index.ts";
import { PatternsStore } from "../../runtime/patterns/store.ts";
import type { Output } from "../output.ts";
import { workspaceFolder } from "../workspace.ts";

export const SIGNATURE = "the beginning of the signature of a pattern, see patterns list";

/** The patterns of a workspace folder; what is wrong with the use or the file is a UserError. */
export function withStore<T>(
  dir: string | undefined,
  output: Output,
  action: (store: PatternsStore, root: string) => T,
): T {
  const root = workspaceFolder(dir);
  const store = new PatternsStore(join(root, ".proj-intel"), { warn: (sentence) => output.note(sentence) });
  try {
    return action(store, root);
  } catch (error) {
    const theirs = error instanceof StoreError || error instanceof AgentUsageError;
    throw theirs ? new UserError(error.message) : error;
  }
}

/** The signature that begins with a text. */
export function signatureFor(patterns: readonly ErrorPattern[], text: string): string {
  const found = patterns.filter(({ error_signature }) => error_signature.startsWith(text));
  const [only] = found;
  const exact = found.find(({ error_signature }) => error_signature === text);
  if (exact !== undefined || (only !== undefined && found.length === 1))
    return (exact ?? only)?.error_signature ?? text;
  throw new UserError(
    found.length === 0
      ? `There is no pattern ${text}: patterns list tells which there are.`
      : `${found.length} patterns begin with ${text}: give more of the signature.`,
  );
}
