import type { Fixture } from "./fixture.ts";

/** The rows of the Runs view in sight, without what differs from run to run. */
export async function runRows({ workbench }: Pick<Fixture, "workbench">): Promise<string[]> {
  const view = await workbench.runs();
  return (await view.picture()).map((row) =>
    row.replace(/\d+ (ms|s)\b/g, "TIME").replace(/\d\d:\d\d( [AP]M)?/g, "CLOCK"),
  );
}
