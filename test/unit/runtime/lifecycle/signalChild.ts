// A program that handles signals, as signals.test.ts starts it: `node signalChild.ts SCENARIO`.
import { setImmediate } from "node:timers/promises";
import { BaseAgent, LifecycleManager, type StopReport } from "../../../../src/runtime/index.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);
const never = new Promise<never>(() => undefined);

class Service extends BaseAgent {
  readonly #hangs: "start" | "stop" | null;
  constructor(name: string, hangs: "start" | "stop" | null = null) {
    super({ name, agentType: "service" });
    this.#hangs = hangs;
  }
  protected override async initializeImpl() {
    if (this.#hangs === "start") await never;
  }
  protected override async shutdownImpl() {
    say(`stopping ${this.metadata.name}`);
    await (this.#hangs === "stop" ? never : setImmediate());
    say(`stopped ${this.metadata.name}`);
  }
}

const tell = ({ agents }: StopReport, signal: string) => {
  say(`${signal}: ${agents.map(({ name, status }) => `${name} ${status}`).join(", ")}`);
};

const manager = new LifecycleManager({ stopTimeoutMs: 300 });
const scenarios: Record<string, () => unknown> = {
  plain: async () => {
    manager.add(new Service("web"), { dependsOn: ["db"] });
    manager.add(new Service("db"));
    manager.handleSignals({ onStopped: tell });
    await manager.start();
  },
  hanging: async () => {
    manager.add(new Service("db"));
    manager.add(new Service("web", "stop"), { dependsOn: ["db"] });
    manager.handleSignals({ onStopped: tell });
    await manager.start();
  },
  "for ever": async () => {
    manager.add(new Service("web", "stop"), { stopTimeoutMs: Infinity });
    manager.handleSignals({ onStopped: tell });
    await manager.start();
  },
  starting: () => {
    manager.add(new Service("db", "start"));
    manager.add(new Service("web"), { dependsOn: ["db"] });
    manager.handleSignals({ onStopped: tell });
    void manager.start();
  },
  "no exit": async () => {
    manager.add(new Service("web"));
    manager.handleSignals({
      exit: false,
      onStopped: (report, signal) => {
        tell(report, signal);
        process.exitCode = 7;
        clearInterval(alive);
      },
    });
    await manager.start();
  },
  "no exit, hanging": async () => {
    manager.add(new Service("web", "stop"), { stopTimeoutMs: Infinity });
    manager.handleSignals({ exit: false });
    await manager.start();
  },
  "own listener": async () => {
    manager.add(new Service("web"));
    process.on("SIGTERM", () => say("own listener"));
    manager.handleSignals({ onStopped: tell });
    await manager.start();
  },
  "two managers": async () => {
    const other = new LifecycleManager();
    manager.add(new Service("web"));
    other.add(new Service("slow"));
    manager.handleSignals({ onStopped: tell });
    other.handleSignals({
      onStopped: async (report, signal) => {
        for (let turn = 0; turn < 50; turn += 1) await setImmediate();
        tell(report, signal);
      },
    });
    await Promise.all([manager.start(), other.start()]);
  },
  off: async () => {
    manager.add(new Service("web"));
    const off = manager.handleSignals({ onStopped: tell });
    await manager.start();
    off();
    off();
  },
  "off while stopping": async () => {
    manager.add(new Service("web"));
    const off = manager.handleSignals({
      onStopped: (report, signal) => {
        tell(report, signal);
        off();
        setTimeout(() => process.exit(9), 50);
      },
    });
    await manager.start();
  },
  "broken report": async () => {
    manager.add(new Service("web"));
    manager.handleSignals({
      onStopped: () => {
        throw new Error("broken report");
      },
    });
    await manager.start();
  },
};

const alive = setInterval(() => undefined, 1000);
await scenarios[process.argv[2] ?? ""]?.();
say("ready");
