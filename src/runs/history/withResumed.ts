import { firstEvent } from "./firstEvent.ts";

/** A run and those that it resumed, the newest first. */
export async function* withResumed(root: string, runId: string): AsyncGenerator<string> {
  const known = new Set<string>();
  for (let id: string | undefined = runId; id !== undefined && !known.has(id);) {
    known.add(id);
    yield id;
    id = (await firstEvent(root, id))?.resumes;
  }
}
