import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What this process and those that it started hold. Linux only: elsewhere nothing tells it without tools. */
export interface Held {
  /** MiB of this process. */
  memory: number;
  /** Open files and sockets of this process. */
  handles: number;
  threads: number;
  /** Processes that this one started, and theirs. */
  processes: number;
}

export function held(): Held {
  const status = readFileSync("/proc/self/status", "utf8");
  const numberOf = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return {
    memory: Math.round(numberOf("VmRSS") / 1024),
    handles: readdirSync("/proc/self/fd").length,
    threads: numberOf("Threads"),
    processes: descendants(process.pid).length,
  };
}

/** The processes that a process started, and theirs. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let at = [pid]; at.length > 0;) {
    at = at.flatMap((each) => children.get(each) ?? []);
    found.push(...at);
  }
  return found;
}

/** Processes that work in a folder: agent hosts and what agents started there, also those whose parent is gone. */
export function workingIn(folder: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readlinkSync(`/proc/${name}/cwd`).startsWith(folder) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null;
  }
}
