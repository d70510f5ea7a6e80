import { join } from "node:path";
import { shortId } from "../../model/runId.ts";
import { counted } from "../../model/counted.ts";
import { UserError } from "../../model/userError.ts";
import { runIds } from "./listRuns.ts";

const mostNamed = 3;

/** The id of the run that a beginning or an end of it names. Rejects with a UserError where it names none or several. */
export async function findRun(root: string, text: string): Promise<string> {
  const ids = await runIds(root);
  const wanted = text.toLowerCase();
  const found = ids.includes(text)
    ? [text]
    : ids.filter((id) => wanted !== "" && (id.startsWith(wanted) || id.endsWith(wanted)));
  const [id] = found;
  if (id === undefined) {
    throw new UserError(
      `There is no run ${text} in ${join(root, ".proj-intel", "runs")}: "opsvi-agents runs list" names those that there are.`,
    );
  }
  if (found.length === 1) return id;
  const named = found.slice(0, mostNamed).map(shortId).join(", ");
  throw new UserError(
    `${text} names ${counted(found.length, "run")} (${named}${found.length > mostNamed ? ", …" : ""}): give more of the id.`,
  );
}
