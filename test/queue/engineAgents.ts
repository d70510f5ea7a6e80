import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dist } from "../host/workspace.ts";

/** The agents that the cases run: they need nothing but their own folder, a copy of which does as well. */
const AGENTS = `
import { BaseAgent } from "./core.mjs";

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
class Agent extends BaseAgent {
  constructor() { super({ name: new.target.name, agentType: "test" }); }
}

export class EchoAgent { constructor(mark = "") { this.mark = mark; } execute(task) { return { heard: task, mark: this.mark }; } }
export class FailsAgent { execute(task) { throw new TypeError("no luck with " + task.of); } }
export class WaitsAgent { execute(ms) { return new Promise((done) => setTimeout(() => done(ms), ms)); } }
/** Tells when it was at work. */
export class TimedAgent {
  async execute({ n, ms }) {
    const now = () => performance.timeOrigin + performance.now();
    const from = now();
    await sleep(ms);
    return { n, from, to: now() };
  }
}
export class LimitedAgent extends TimedAgent {}
export class LoopAgent { execute() { console.log("looping"); for (;;); } }
export class ValuesAgent {
  execute() {
    return {
      when: new Date(0), map: new Map([["a", 1]]), set: new Set([1]), big: 10n, bytes: new Uint8Array(2),
      none: undefined, nan: NaN, list: [1, undefined], fault: new RangeError("far"), text: "é€",
    };
  }
}
export class TellsAgent extends Agent {
  constructor() { super(); this.registerTool("double", (n) => n * 2); }
  async executeImpl(task, ctx) {
    ctx.progress("begun", 0.25);
    console.log("hello");
    const four = await ctx.toolAsync("double", 2);
    ctx.usage({ tokens: 3, cost: 0.5 });
    console.error("bye");
    return { four };
  }
}
export class FlakyAgent extends Agent {
  executeImpl(task, { attempt }) { if (attempt < task.until) throw new Error("not yet " + attempt); return { attempt }; }
}
export class HeedsAgent extends Agent {
  executeImpl(task, { signal }) {
    console.log("waiting");
    return new Promise((done) => {
      const timer = setInterval(() => {}, 1000);
      signal.addEventListener("abort", () => { clearInterval(timer); done("stopped"); });
    });
  }
}
export class AsksAgent extends Agent {
  async executeImpl(task, ctx) {
    const sure = await ctx.ask({ kind: "approve", message: "Sure?" });
    return { sure, colour: await ctx.ask({ kind: "choose", message: "Which?", options: ["red", "blue"] }) };
  }
}
export class CounterAgent extends Agent {
  state = { counted: 0 };
  snapshot() { return this.state; }
  restore(state) { this.state = state; }
  executeImpl(task, ctx) {
    const from = this.state.counted;
    while (this.state.counted < 3) {
      this.state.counted += 1;
      ctx.checkpoint("counted " + this.state.counted);
      if (from === 0 && this.state.counted === 2) throw new Error("broken");
    }
    return { task, from, counted: this.state.counted };
  }
}
`;

const step = (id: string, name: string, task: unknown, further: object = {}) => ({
  ...{ id, agent: `agents.mjs#${name}`, task },
  ...further,
});
const last = step("last", "EchoAgent", { $from: "/bad", default: "nothing" });

/** What stands in the workspace folder of an engine, by path. */
export const engineFiles = (): Record<string, string> => ({
  "package.json": "{}",
  "core.mjs": readFileSync(join(dist, "core/core.mjs"), "utf8"),
  "agents.mjs": AGENTS,
  "goesOn.agents.json": JSON.stringify({
    steps: [
      {
        parallel: [
          step("bad", "FailsAgent", { of: 1 }, { continueOnFailure: true }),
          step("good", "EchoAgent", "tea"),
        ],
      },
      last,
      step("shared", "EchoAgent", { $from: "/good/heard" }),
    ],
  }),
  "stops.agents.json": JSON.stringify({ steps: [step("bad", "FailsAgent", { of: 2 }), last] }),
});
