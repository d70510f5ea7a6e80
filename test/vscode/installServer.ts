import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { npm, run } from "./command.ts";
import { locked } from "./locked.ts";
import { CACHE } from "./paths.ts";
import { PLAIN_LOGGER } from "./plainLogger.ts";

const PACKAGES = { "code-server": "4.139.1", "@parcel/watcher": "2.5.6" };
const FOLDER = join(CACHE, "server");
const MARKER = "installed.json";
const REMOVE = { recursive: true, force: true, maxRetries: 5 };
const serverIn = (folder: string) => join(folder, "node_modules/code-server/lib/vscode");

/**
 * Installs VS Code's server build from npm, once; about 40 seconds.
 * @returns its folder, which holds `out/server-main.js`
 */
export async function installServer(): Promise<string> {
  const server = serverIn(FOLDER);
  if (await isInstalled()) return server;
  await locked(CACHE, async () => {
    if (await isInstalled()) return;
    console.log("Installing VS Code's server build for the tests (about 40 seconds) …");
    try {
      await install();
    } catch (error) {
      throw new Error(
        `VS Code's server build could not be installed from npm into ${FOLDER}; check that the registry answers, then try again.`,
        { cause: error },
      );
    }
  });
  return server;
}

/** An install stands in its place only once it is complete. */
async function isInstalled(): Promise<boolean> {
  try {
    return (await readFile(join(FOLDER, MARKER), "utf8")) === marker();
  } catch {
    return false;
  }
}

const marker = () => JSON.stringify({ packages: PACKAGES, platform: process.platform, arch: process.arch });

async function install(): Promise<void> {
  // The second kind is what interrupted installs have left.
  for (const name of await readdir(CACHE))
    if (name === "server" || name.startsWith("server-")) await rm(join(CACHE, name), REMOVE);
  const folder = await mkdtemp(join(CACHE, "server-"));
  const server = serverIn(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
  // Without the native builds of code-server itself, which want the Kerberos headers and two minutes. The watcher stands
  // beside it because its binary is an optional package, and those are left out of the nested installs.
  await npm(["install", "--ignore-scripts"], folder);
  const lean = ["install", "--ignore-scripts", "--omit=dev", "--omit=optional"];
  await npm(lean, server);
  await npm(lean, join(server, "extensions"));
  await buildNativeModules(server);
  const watcher = createRequire(join(server, "package.json")).resolve("@parcel/watcher");
  await run(process.execPath, ["-e", "require(process.argv[1])", watcher]);
  await writeFile(join(folder, MARKER), marker());
  await rename(folder, FOLDER);
}

/** Terminals need a compiler; logs and output channels do without one. */
async function buildNativeModules(server: string): Promise<void> {
  try {
    await npm(["rebuild", "node-pty", "@vscode/spdlog", "@vscode/native-watchdog"], server);
  } catch {
    console.warn(
      "VS Code's server build runs without terminals: building its native modules needs make, g++, python3 and the headers of Node.js.",
    );
    await writeFile(join(server, "node_modules/@vscode/spdlog/index.js"), PLAIN_LOGGER);
  }
}
