import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RunService, type Run } from "../../src/runs/runService.ts";
import { Slots } from "../../src/runs/slots.ts";
import { AGENTS, NAMES } from "./agents.ts";
import { faultsIn, temporaryFiles } from "./records.ts";
import { descendants, held, workingIn, type Held } from "./watch.ts";

// node test/soak/run.ts [MINUTES]: runs of all kinds, cancelled and killed at random; nothing may leak or get lost.
const minutes = Number(process.argv[2] ?? 30);
const dist = join(import.meta.dirname, "../../dist");
if (process.platform !== "linux") throw new Error("What is held is read from /proc: this runs on Linux.");
if (!existsSync(join(dist, "cli.cjs"))) throw new Error("This runs what is built: npm run build.");

const root = realpathSync(mkdtempSync(join(tmpdir(), "soak-")));
const file = join(root, "agents.mjs");
writeFileSync(file, AGENTS);
const open = () =>
  new RunService({
    ...{ hostFile: join(dist, "agentHost.cjs"), nodePath: process.execPath },
    slots: new Slots(4),
  });
let service = open();
const counts = new Map<string, number>();
const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
const chance = (of: number) => Math.random() < of;
const any = <T>(of: readonly T[]): T | undefined => of[Math.floor(Math.random() * of.length)];

/** One run, cancelled by chance; those that never end always are. */
async function runOne(name: string, n: number): Promise<void> {
  const run: Run = service.start({
    ...{ root, file, name, task: { n }, retries: name === "Flaky" ? 2 : 0 },
    ...{ timeoutMs: chance(0.1) ? 500 : 8_000, memoryMb: name === "Grows" ? 32 : 256 },
  });
  const endless = name === "Hangs" || name === "Loops";
  if (endless || chance(0.15)) {
    await sleep(Math.random() * 1_500);
    await run.cancel();
  }
  const { status } = await run.finished;
  count(status);
}

/** A command line that is killed in the middle, hosts and all behind it have to end by themselves. */
async function killedCommand(): Promise<void> {
  const name = any(["Slow", "Saves", "Talks", "Hangs"]) ?? "Slow";
  const args = [join(dist, "cli.cjs"), "run", `agents.mjs#${name}`, "--task", "{}", "--workspace", root];
  const child = spawn(process.execPath, args, { cwd: root, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await Promise.race([sleep(300 + Math.random() * 2_500), ended]);
  child.kill("SIGKILL");
  await ended;
  count("killed command line");
}

/** An agent host that the system takes away. */
function killHost(): void {
  const host = any(descendants(process.pid).filter((pid) => workingIn(root).includes(pid)));
  if (host === undefined) return;
  try {
    process.kill(host, "SIGKILL");
    count("killed host");
  } catch {
    // It has ended meanwhile.
  }
}

const until = Date.now() + minutes * 60_000;
const samples: Held[] = [];
let started = 0;
async function lane(): Promise<void> {
  while (Date.now() < until) await runOne(any(NAMES) ?? "Quick", started++);
}
async function killing(): Promise<void> {
  while (Date.now() < until) {
    await sleep(Math.min(5_000 + Math.random() * 10_000, Math.max(until - Date.now(), 0)));
    if (chance(0.5)) await killedCommand();
    else killHost();
  }
}
async function watching(): Promise<void> {
  while (Date.now() < until) {
    await sleep(Math.min(15_000, Math.max(until - Date.now(), 0)));
    globalThis.gc?.();
    const now = held();
    samples.push(now);
    const { memory, handles, threads, processes } = now;
    console.log(
      `${new Date().toISOString()}  ${started} runs  ${memory} MiB  ${handles} handles  ${threads} threads  ${processes} processes`,
    );
  }
}
await Promise.all([lane(), lane(), lane(), lane(), lane(), lane(), killing(), watching()]);
await service.dispose();
// What was killed notices by itself that it is alone.
await sleep(3_000);
// What it was writing is cleared away once it is old, by whoever writes there next.
for (const path of temporaryFiles(root)) utimesSync(path, 0, 0);
service = open();
await Promise.all([...new Set(NAMES)].map((name) => runOne(name, started++)));
await service.dispose();

const faults = await faultsIn(root);
for (const pid of [...new Set([...descendants(process.pid), ...workingIn(root)])])
  faults.push(`Process ${pid} is left.`);
faults.push(...growth("memory", 1.25), ...growth("handles", 1.1), ...growth("threads", 1.1));
rmSync(root, { recursive: true, force: true });
const told = [...counts].map(([what, times]) => `${times} ${what}`).join(", ");
console.log(`${started} runs in ${minutes} minutes: ${told}`);
for (const fault of faults.slice(0, 50)) console.error(fault);
console.log(faults.length === 0 ? "Nothing leaked, nothing was lost." : `${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Compares the second quarter, where all is warm, with the last. */
function growth(what: keyof Held, atMost: number): string[] {
  const quarter = Math.floor(samples.length / 4);
  if (quarter === 0) return [];
  const middle = (of: Held[]): number =>
    of.map((sample) => sample[what]).sort((a, b) => a - b)[of.length >> 1] ?? 0;
  const before = middle(samples.slice(quarter, 2 * quarter));
  const after = middle(samples.slice(-quarter));
  return after <= before * atMost ? [] : [`The ${what} grew from ${before} to ${after}.`];
}
