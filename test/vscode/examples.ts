import { cp } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./paths.ts";

/** Copies examples/ without what runs and migrations of somebody who tried it have left there. */
export async function copyExamples(to: string): Promise<void> {
  const source = join(ROOT, "examples");
  const traces = [join(source, ".proj-intel"), join(source, "opsvi-agents")];
  await cp(source, to, { recursive: true, filter: (path) => !traces.includes(path) });
}
