import { spawn } from "node:child_process";

// Runs a command in a process group of its own and ends the group when standard input closes: that happens when the
// starter asks for it, and also when the starter is killed and can ask for nothing.
const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { detached: true, stdio: ["ignore", "inherit", "inherit"] });

function end(): void {
  try {
    if (child.pid !== undefined)
      process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}

child.once("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once("exit", (code) => {
  end();
  process.exit(code ?? 1);
});
process.stdin.once("close", end).resume();
process.on("SIGTERM", end);
