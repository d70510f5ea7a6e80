import { finishPending, readPending, undoPending, unverifiedNote } from "../../migration/recovery.ts";
import type { Output } from "../output.ts";

/** Finishes or takes back what a crash has interrupted. Exit code 1 where files were edited since and stay as they are. */
export async function recover(root: string, how: "finish" | "undo", output: Output): Promise<number> {
  if ((await readPending(root)) === null) {
    output.line("No migration was interrupted: there is nothing to do.");
    return 0;
  }
  const recovered = await (how === "finish" ? finishPending(root) : undoPending(root));
  const { written, left } = recovered;
  for (const path of written) output.line(`${how === "finish" ? "written" : "taken back"}  ${path}`);
  for (const path of left) output.line(`left        ${path}: it was edited since.`);
  output.line(how === "finish" ? "The migration is finished." : "The migration is taken back.");
  const note = unverifiedNote(recovered);
  if (note !== null) output.line(note);
  return left.length > 0 ? 1 : 0;
}
