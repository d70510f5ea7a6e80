import { UserError } from "../../model/userError.ts";

/** Resumes runs one after the other, until that is stopped. Answers with why some cannot be. */
export async function resumeEach<T>(
  runs: readonly T[],
  isStopped: () => boolean,
  resume: (run: T, index: number) => Promise<unknown>,
): Promise<UserError[]> {
  const refusals: UserError[] = [];
  for (const [index, run] of runs.entries()) {
    if (isStopped()) break;
    await resume(run, index).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      refusals.push(error);
    });
  }
  return refusals;
}
