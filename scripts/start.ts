import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { which } from "../test/vscode/command.ts";
import { hasDisplay } from "../test/vscode/executable.ts";
import { ROOT } from "../test/vscode/paths.ts";
import { startServer, workbenchUrl } from "../test/vscode/server.ts";

// Builds, then shows VS Code with the extension on examples/: desktop VS Code, or the server build for a browser.
const folder = join(ROOT, "examples");

const build = spawnSync(process.execPath, ["scripts/build.ts"], { cwd: ROOT, stdio: "inherit" });
if (build.status !== 0) process.exit(build.status ?? 1);

const code = hasDisplay() ? which("code", "code-insiders", "codium") : undefined;
if (code === undefined) await serve();
else await openDesktop(code);

async function openDesktop(code: string): Promise<void> {
  // VS Code refuses root its own profile and its sandbox.
  const profile = process.getuid?.() === 0 ? mkdtempSync(join(tmpdir(), "opsvi-profile-")) : undefined;
  const root = profile === undefined ? [] : ["--no-sandbox", `--user-data-dir=${profile}`, "--wait"];
  console.log(`Opening VS Code on ${folder}.`);
  const child = spawn(code, [`--extensionDevelopmentPath=${ROOT}`, ...root, folder], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exitCode = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      console.error(`${code} could not be started: ${error.message}`);
      resolve(1);
    });
    child.once("exit", (status) => resolve(status ?? 1));
  });
  if (profile !== undefined) rmSync(profile, { recursive: true, force: true });
}

async function serve(): Promise<void> {
  const server = await startServer({
    install: [ROOT],
    token: randomBytes(16).toString("hex"),
    port: Number(process.env["PORT"] ?? 0),
    settings: {
      "workbench.startupEditor": "none",
      "workbench.secondarySideBar.defaultVisibility": "hidden",
      "chat.disableAIFeatures": true,
    },
  });
  const asked = new Promise<"asked">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => resolve("asked"));
  });
  console.log(`
There is no desktop VS Code here, so its server build runs instead. Open this address in a browser on this machine:

${workbenchUrl(server, folder)}

Ctrl-C stops it.`);
  if ((await Promise.race([asked, server.ended])) === "asked") {
    await server.stop();
    return;
  }
  console.error(`VS Code's server ended by itself:\n${server.log()}`);
  process.exitCode = 1;
}
