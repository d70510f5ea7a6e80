import { run, which } from "./command.ts";
import { locked } from "./locked.ts";
import { CACHE } from "./paths.ts";

/** True where Debian packages can be installed without asking anyone. */
export const canUseApt = (): boolean => process.getuid?.() === 0 && which("apt-get") !== undefined;

export async function aptInstall(...packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await locked(CACHE, async () => {
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env });
  });
}
