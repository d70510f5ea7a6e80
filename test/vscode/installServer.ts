import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { npm, run } from "./command.ts";
import { locked } from "./locked.ts";
import { CACHE } from "./paths.ts";

const PACKAGES = { "code-server": "4.139.1", "@parcel/watcher": "2.5.6" };
const FOLDER = join(CACHE, "server");
const MARKER = join(FOLDER, "installed.json");
const SERVER = join(FOLDER, "node_modules/code-server/lib/vscode");

/**
 * Installs VS Code's server build from npm, once; about 40 seconds.
 * @returns its folder, which holds `out/server-main.js`
 */
export async function installServer(): Promise<string> {
  if (await isInstalled()) return SERVER;
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
  return SERVER;
}

/** The marker is written last: without it the folder is what an interrupted install left. */
async function isInstalled(): Promise<boolean> {
  try {
    return (await readFile(MARKER, "utf8")) === marker() && existsSync(join(SERVER, "out/server-main.js"));
  } catch {
    return false;
  }
}

const marker = () => JSON.stringify({ packages: PACKAGES, platform: process.platform, arch: process.arch });

async function install(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
  // Without the native builds of code-server itself, which want the Kerberos headers and two minutes. The watcher stands
  // beside it because its binary is an optional package, and those are left out of the nested installs.
  await npm(["install", "--ignore-scripts"], FOLDER);
  const lean = ["install", "--ignore-scripts", "--omit=dev", "--omit=optional"];
  await npm(lean, SERVER);
  await npm(lean, join(SERVER, "extensions"));
  await buildNativeModules();
  const watcher = createRequire(join(SERVER, "package.json")).resolve("@parcel/watcher");
  await run(process.execPath, ["-e", "require(process.argv[1])", watcher]);
  await writeFile(MARKER, marker());
}

/** Terminals and log files need them; where there is no compiler, the server does without. */
async function buildNativeModules(): Promise<void> {
  try {
    await npm(["rebuild", "node-pty", "@vscode/spdlog", "@vscode/native-watchdog"], SERVER);
  } catch (error) {
    console.warn(
      `The server build runs without terminals, as its native modules could not be built here: ${(error as Error).message.split("\n").at(-1) ?? ""}`,
    );
  }
}
