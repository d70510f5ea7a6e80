import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { installServer } from "./installServer.ts";

export type Settings = Record<string, unknown>;

export interface ServerOptions {
  /** User settings of every page of this server. */
  settings?: Settings;
  /** False switches workspace trust off: every folder counts as trusted. */
  trust?: boolean;
  /** Installs the extensions of these folders as a user has them. */
  install?: readonly string[];
  /** Lets the address name an extension under development, but shows no notification and no dialog. */
  development?: boolean;
  env?: NodeJS.ProcessEnv;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Asked for by the first page load, as the query parameter `tkn`; without it any local page may connect. */
  token?: string;
}

export interface Server {
  port: number;
  token: string | undefined;
  /** What the server has printed so far. */
  log(): string;
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const READY = /Extension host agent listening on (\d+)/;
const START_TIMEOUT_MS = 60_000;

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const folder = await installServer();
  const data = await mkdtemp(join(tmpdir(), "opsvi-vscode-"));
  const settings = { "security.workspace.trust.enabled": options.trust === true, ...options.settings };
  await mkdir(join(data, "data/User"), { recursive: true });
  await writeFile(join(data, "data/User/settings.json"), JSON.stringify(settings));
  for (const source of options.install ?? []) await installExtension(source, join(data, "extensions"));

  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "guard.ts"),
      process.execPath,
      join(folder, "out/server-main.js"),
      ...["--host", "127.0.0.1", "--port", String(options.port ?? 0)],
      ...(options.token === undefined
        ? ["--without-connection-token"]
        : ["--connection-token", options.token]),
      ...["--accept-server-license-terms", "--telemetry-level", "off"],
      ...(options.development === true ? ["--enable-smoke-test-driver"] : []),
      ...["--server-data-dir", data],
    ],
    // In a group of its own the guard outlives whatever ends its starter, and then ends the server.
    { stdio: ["pipe", "pipe", "pipe"], detached: true, env: { ...userEnvironment(), ...options.env } },
  );
  let output = "";
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    child.stdin.destroy();
    await ended;
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const failed = (why: string, cause?: unknown) =>
    new Error(`VS Code's server build ${why}. It printed:\n${output.slice(-2000)}`, { cause });

  try {
    const port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(failed("was not ready after a minute")), START_TIMEOUT_MS);
      child.once("error", (error) => reject(failed("could not be started", error)));
      void ended.then(() => {
        clearTimeout(timer);
        reject(failed("ended while starting"));
      });
      for (const stream of [child.stdout, child.stderr])
        createInterface({ input: stream }).on("line", (line) => {
          output = (output + line + "\n").slice(-100_000);
          const ready = READY.exec(line)?.[1];
          if (ready === undefined) return;
          clearTimeout(timer);
          resolve(Number(ready));
        });
    });
    return { port, token: options.token, log: () => output, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Copies what the VSIX holds; the server takes over what stands in its folder of extensions. */
async function installExtension(source: string, extensions: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as Record<string, string>;
  const { publisher = "", name = "", version = "" } = manifest;
  const target = join(extensions, `${publisher}.${name}-${version}`);
  const parts = ["package.json", "dist", "media", "schemas"].filter((part) => existsSync(join(source, part)));
  for (const part of parts) await cp(join(source, part), join(target, part), { recursive: true });
}

/** The environment a user would start VS Code from: without what a test runner or an outer VS Code has put there. */
function userEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|VITEST|NODE_ENV$|NODE_OPTIONS$|TEST$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

export interface DevelopmentOptions {
  extension: string;
  /** The file whose `run()` the extension host calls. */
  tests: string;
}

/** The address that shows a folder, or a workspace by its file; for a server for development, with an extension under test. */
export function workbenchUrl(server: Server, folder: string, options?: DevelopmentOptions): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${pathToFileURL(path).pathname}`;
  const url = new URL(`http://127.0.0.1:${server.port}/`);
  if (server.token !== undefined) url.searchParams.set("tkn", server.token);
  url.searchParams.set(folder.endsWith(".code-workspace") ? "workspace" : "folder", folder);
  if (options !== undefined) {
    const payload = [
      ["extensionDevelopmentPath", remote(options.extension)],
      ["extensionTestsPath", remote(options.tests)],
      ["skipWelcome", "true"],
      ["skipReleaseNotes", "true"],
    ];
    url.searchParams.set("payload", JSON.stringify(payload));
  }
  return url.href;
}
