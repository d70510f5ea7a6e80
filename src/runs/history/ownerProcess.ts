import { readFile, readlink, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import * as z from "zod";
import { isAlive } from "../../runtime/files/lock.ts";

/** A process, and where its number means it. */
const OwnerProcess = z.object({ pid: z.number().int().positive(), machine: z.string() });

/** The same for all processes that know each other by their numbers: containers and computers may share a folder and a name. */
async function machineId(): Promise<string> {
  if (process.platform !== "linux") return hostname();
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
}

/** Notes that this process is the owner. Where that cannot be told, only its lock says whether it lives. */
export async function noteProcess(file: string): Promise<void> {
  const machine = await machineId().catch(() => null);
  if (machine === null) return;
  await writeFile(file, JSON.stringify({ pid: process.pid, machine }), { mode: 0o600 });
}

/** Whether the owner was a process of this machine that is gone. */
export async function hasEnded(file: string): Promise<boolean> {
  try {
    const { pid, machine } = OwnerProcess.parse(JSON.parse(await readFile(file, "utf8")));
    return machine === (await machineId()) && !isAlive(pid);
  } catch {
    return false;
  }
}

export async function forgetProcess(file: string): Promise<void> {
  await rm(file, { force: true });
}
