/** Agents that behave in every way that agents do, by name. */
export const AGENTS = `
import { writeFileSync } from "node:fs";
const sleep = (ms, signal) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  signal?.addEventListener("abort", () => { clearTimeout(timer); done(); });
});
export class Quick { run(task) { return { task }; } }
export class Talks { async run() { for (let i = 0; i < 20; i += 1) { console.log("line", i); await sleep(5); } return "said"; } }
export class Slow { async run() { await sleep(400 + Math.random() * 800); return "done"; } }
export class Fails { run(task) { throw new TypeError("no luck with " + task.n % 7); } }
export class Flaky { run() { if (Math.random() < 0.5) throw new Error("sometimes"); return "lucky"; } }
export class Hangs { async run() { await sleep(600_000); } }
export class Loops { run() { for (;;); } }
export class Exits { run() { process.exit(3); } }
export class Strays { async run() { setTimeout(() => { throw new Error("stray"); }, 5); await sleep(1000); } }
export class Floods { run() { for (let i = 0; i < 20; i += 1) console.log("x".repeat(1024 * 1024)); return "flooded"; } }
export class Grows { run() { const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length)); } }
export class Saves { async run() { this.count = 0; while (this.count < 5) { this.count += 1; await sleep(20); } return this.count; } }
export class Circles { run() { const a = { big: 1n, f() {} }; a.a = a; return a; } }
`;

/** Weighed: what is rare in life is rare here. */
export const NAMES = [
  ...["Quick", "Quick", "Quick", "Talks", "Slow", "Slow", "Fails", "Flaky", "Saves", "Saves", "Circles"],
  ...["Hangs", "Loops", "Exits", "Strays", "Floods", "Grows"],
] as const;
