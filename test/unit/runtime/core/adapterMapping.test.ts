import { describe, expect, it } from "vitest";
import {
  type AdapterMapping,
  type AdapterOptions,
  type ArgumentSource,
  type ExecutionContext,
  MemoryCheckpointStore,
  UniversalAgentAdapter,
} from "../../../../src/runtime/index.ts";

const adapt = (legacy: object, mapping: AdapterMapping, options: Partial<AdapterOptions> = {}) =>
  new UniversalAgentAdapter(legacy, { agentType: "unit", mapping, ...options });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

class Client {
  readonly open = true;
}

describe("the classes of a mapping", () => {
  class Base {
    log: string[] = [];
    open(): void {
      this.log.push("open");
    }
    release(): void {
      this.log.push("release");
    }
    work(task: unknown): unknown {
      this.log.push("work");
      return task;
    }
  }
  class Middle extends Base {}
  class Heir extends Middle {
    labour(task: unknown): unknown {
      this.log.push("labour");
      return task;
    }
  }

  it("hold for their heirs, field by field, and the nearest counts", () => {
    const mapping = {
      Base: { method: "work", init: "open", close: "release" },
      Heir: { method: "labour", init: null },
      Other: { method: "none" },
    };
    const middle = new Middle();
    const heir = new Heir();
    for (const legacy of [middle, heir]) {
      const adapter = adapt(legacy, mapping);
      expect(adapter.execute(1)).toMatchObject({ value: 1 });
      expect(adapter.shutdown()).toBe(true);
    }
    expect(middle.log).toEqual(["open", "work", "release"]);
    expect(heir.log).toEqual(["labour", "release"]);
  });

  it("yield to what the options say", () => {
    const heir = new Heir();
    const adapter = adapt(
      heir,
      { Heir: { method: "none", init: "none", arguments: ["task.gone"] } },
      { method: "labour", init: "open", arguments: null },
    );
    expect(adapter.execute(2)).toMatchObject({ value: 2 });
    expect(heir.log).toEqual(["open", "labour"]);
    const named = adapt({ run: (a: number, b: number) => a - b }, {}, { arguments: ["task.b", "task.a"] });
    expect(named.execute({ a: 1, b: 3 })).toMatchObject({ value: 2 });
    class Two {
      run(a: number, b: number): number {
        return a - b;
      }
    }
    const byParameters = adapt(new Two(), { Two: { arguments: [{ value: 0 }] } }, { parameters: ["b", "a"] });
    expect(byParameters.execute({ a: 1, b: 3 })).toMatchObject({ value: 2 });
  });

  it("are found for agents that are functions, and never through the prototype of the mapping", () => {
    function callable(): never {
      throw new Error("not called");
    }
    const legacy = Object.assign(callable, { run: () => "run", other: () => "other" });
    expect(adapt(legacy, { callable: { method: "other" } }).execute({})).toMatchObject({ value: "other" });
    const inherited = Object.create({ Heir: { method: "none" } }) as AdapterMapping;
    expect(adapt(new Heir(), inherited, { method: "labour" }).execute(1)).toMatchObject({ value: 1 });
    expect(adapt({ run: () => 1 }, { Object: { method: "none" } }).execute({})).toMatchObject({ value: 1 });
  });

  it("name a method that is not there", () => {
    const missing = (fields: object) => adapt(new Base(), { Base: { method: "work", ...fields } });
    expect(missing({ method: "gone" }).execute({})).toMatchObject({
      error: { message: "Base has no method gone." },
    });
    expect(missing({ init: "gone" }).execute({})).toMatchObject({
      error: { message: "Initializing failed: Base has no method gone." },
    });
    const adapter = missing({ close: "gone" });
    adapter.execute({});
    expect(adapter.shutdown()).toBe(false);
    expect(adapter.lastError?.message).toBe("Base has no method gone.");
  });
});

describe("the arguments of a mapping", () => {
  class Echo {
    run(...args: unknown[]): unknown[] {
      return args;
    }
  }
  const run = (sources: readonly ArgumentSource[], task: unknown, options = {}) => {
    const result = adapt(new Echo(), { Echo: { arguments: sources } }).execute(task, options);
    return result.status === "success" ? result.value : result.error.message;
  };

  it("are the task, fields of it by their path, constants, the signal and the context", () => {
    const task = { text: "t", user: { id: 7 }, items: ["a", { deep: null }] };
    expect(run(["task", "task.user.id", "task.items.1.deep", { value: 5 }], task)).toEqual([
      task,
      7,
      null,
      5,
    ]);
    expect((run(["task"], task) as unknown[])[0]).toBe(task);
    const { signal } = new AbortController();
    const [given, context] = run(["signal", "context"], {}, { signal, runId: "r" }) as [
      unknown,
      ExecutionContext,
    ];
    expect(given).toBe(signal);
    expect(context).toMatchObject({ runId: "r", attempt: 1 });
    expect(run([], task)).toEqual([]);
  });

  it("may be missing where they say so, and are named where not; nothing is called then", () => {
    expect(run(["task.a?", "task.b.c?", "task?"], { a: undefined })).toEqual([
      undefined,
      undefined,
      { a: undefined },
    ]);
    expect(run(["task.a", "task.b.c", "task.d?"], { b: 5 })).toBe(
      "The task lacks a, b.c: the mapping of run takes task.a, task.b.c.",
    );
    for (const task of [null, undefined, "text", 5])
      expect(run(["task.length"], task)).toContain("lacks length");
    let calls = 0;
    class Counts {
      run(): void {
        calls += 1;
      }
    }
    const result = adapt(new Counts(), { Counts: { arguments: ["task.x"] } }).execute(
      {},
      { retry: { attempts: 3 } },
    );
    expect(result).toMatchObject({ attempts: 1, error: { name: "TaskValidationError" } });
    expect(calls).toBe(0);
  });

  it("reach nothing that an object inherits", () => {
    for (const path of ["task.constructor", "task.__proto__", "task.toString", "task.a.constructor"])
      expect(run([path], { a: {} })).toContain("The task lacks");
    const own = JSON.parse('{"__proto__": {"x": 1}}') as unknown;
    expect(run(["task.__proto__.x"], own)).toEqual([1]);
    expect(run(["task.x"], revoked())).toContain("The task lacks x");
  });

  it("hand out constants as copies", () => {
    class Greedy {
      run(list: number[]): number {
        return list.push(1);
      }
    }
    const constant = { value: [0] };
    const adapter = adapt(new Greedy(), { Greedy: { arguments: [constant] } });
    expect([adapter.execute({}), adapter.execute({})]).toMatchObject([{ value: 2 }, { value: 2 }]);
    expect(constant.value).toEqual([0]);
  });

  it.each([
    ["tsk"],
    ["task."],
    ["task..a"],
    ["task.a?b"],
    ["signal.aborted"],
    [""],
    [5],
    [{}],
    [{ value: 1, more: 2 }],
    [null],
  ])("that are none (%j) are a use error", (source) => {
    const result = adapt(new Echo(), { Echo: { arguments: [source as ArgumentSource] } }).execute({});
    expect(result).toMatchObject({ status: "failed", error: { name: "AgentUsageError" } });
    expect(result.status === "failed" && result.error.message).toMatch(/^The arguments of run are wrong: /);
  });

  it("hold constants: plain data fresh for each call, anything else as it is", () => {
    const client = new Client();
    const seen: unknown[] = [];
    class Runner {
      run(options: { list: unknown[] }, ...rest: unknown[]): void {
        seen.push(options.list.length, ...rest);
        options.list.push(1);
      }
    }
    const args: ArgumentSource[] = [{ value: { list: [] } }, { value: client }, { value: { client } }];
    const adapter = adapt(new Runner(), { Runner: { arguments: args } });
    for (const task of [1, 2]) expect(adapter.execute(task).status).toBe("success");
    expect(seen).toEqual([0, client, { client }, 0, client, { client }]);
    expect(seen[1]).toBe(client);
  });

  describe("hold a callback", () => {
    type Callback = (error: unknown, value?: unknown) => void;
    const through = async (run: (task: unknown, callback: Callback) => unknown, task: unknown = "x") => {
      class Legacy {
        run = run;
      }
      return adapt(new Legacy(), { Legacy: { arguments: ["task", "callback"] } }).executeAsync(task);
    };

    it("whose value is the result, or whose error is the failure", async () => {
      expect(
        await through((task, callback) => void setImmediate(callback, null, `${String(task)}!`)),
      ).toMatchObject({
        value: "x!",
      });
      const error = new Error("no");
      const results = [
        await through((_, callback) => callback(error)),
        await through(() => {
          throw error;
        }),
        await through(() => Promise.reject(error)),
      ];
      for (const result of results) expect(result.status === "failed" && result.cause).toBe(error);
    });

    it("which counts once, and needs executeAsync", async () => {
      const twice = await through((_, callback) => {
        callback(undefined, 1);
        callback(new Error("late"));
      });
      expect(twice).toMatchObject({ value: 1 });
      class Legacy {
        run(callback: Callback): void {
          callback(null, 1);
        }
      }
      const result = adapt(new Legacy(), { Legacy: { arguments: ["callback"] } }).execute({});
      expect(result.status === "failed" && result.error.message).toContain("executeAsync()");
    });
  });
});

describe("failedWhen of a mapping", () => {
  class Legacy {
    run(task: unknown): unknown {
      return task;
    }
  }
  const message = (failedWhen: AdapterMapping[string]["failedWhen"], value: unknown, options = {}) => {
    const result = adapt(new Legacy(), { Legacy: { failedWhen } }, options).execute(value);
    return result.status === "success" ? null : result.error.message;
  };

  it('is "reported", or a field that equals a value', () => {
    expect(message("reported", { success: false })).toBe("The agent returned success: false.");
    expect(message("reported", { error: "no" })).toBe("The agent returned an error: no");
    expect(message("reported", { success: true })).toBeNull();
    const code = { field: "state.code", equals: 500 };
    expect(message(code, { state: { code: 500 } })).toBe("The agent returned state.code: 500.");
    expect(message(code, { state: { code: 500 }, error: "down" })).toBe("The agent returned an error: down");
    for (const fine of [{ state: { code: 200 } }, { state: 500 }, { error: "x" }, null, "text"])
      expect(message(code, fine)).toBeNull();
    expect(message({ field: "ok", equals: null }, { ok: null })).toBe("The agent returned ok: null.");
    expect(message({ field: "ok", equals: null }, {})).toBeNull();
  });

  it("yields to the options, can be taken back, and survives any value", () => {
    expect(message("reported", { error: "x" }, { failedWhen: () => false })).toBeNull();
    expect(message("reported", { error: "x" }, { failedWhen: null })).toBeNull();
    expect(message(null, { error: "x" })).toBeNull();
    expect(message(null, { error: "x" }, { failedWhen: "reported" })).toBe("The agent returned an error: x");
    expect(message({ field: "x", equals: 1 }, revoked())).toBeNull();
    class Heir extends Legacy {}
    const mapping: AdapterMapping = { Legacy: { failedWhen: "reported" }, Heir: { failedWhen: null } };
    expect(adapt(new Heir(), mapping).execute({ error: "x" }).status).toBe("success");
  });
});

it("failedWhen is an option of the adapter, as a mapping says it", () => {
  class Legacy {
    run(task: unknown): unknown {
      return task;
    }
  }
  const failed = (failedWhen: AdapterOptions["failedWhen"], value: unknown): string | undefined => {
    const result = new UniversalAgentAdapter(new Legacy(), { agentType: "x", failedWhen }).execute(value);
    return result.status === "success" ? undefined : result.error.message;
  };
  expect(failed("reported", { success: false })).toBe("The agent returned success: false.");
  expect(failed({ field: "code", equals: 500 }, { code: 500 })).toBe("The agent returned code: 500.");
  expect(() => failed({ field: "code" } as never, 1)).toThrow("The option failedWhen is a function");
  expect(failed(null, { success: false })).toBeUndefined();
  expect(failed(undefined, { success: false })).toBeUndefined();
  expect(failed((value) => value === 1, 1)).toBe(
    "The agent returned a value that failedWhen counts as failure.",
  );
});

describe("the snapshot of a mapping", () => {
  class Hidden {
    #state: { count: number; log: string[] } = { count: 0, log: [] };
    getState(): unknown {
      return this.#state;
    }
    setState(state: { count: number; log: string[] }): void {
      this.#state = state;
    }
    run(task: string): number {
      this.#state.log.push(task);
      this.#state.count += 1;
      if (task === "fail") throw new Error("x");
      return this.#state.count;
    }
  }
  const methods: AdapterMapping = { Hidden: { snapshot: { get: "getState", set: "setState" } } };

  it("may be two methods, which reach private fields", () => {
    const legacy = new Hidden();
    const checkpoints = new MemoryCheckpointStore();
    const adapter = adapt(legacy, methods, { checkpoints });
    adapter.execute("a");
    expect(adapter.execute("fail")).toMatchObject({ status: "failed", warnings: [] });
    expect(legacy.getState()).toEqual({ count: 1, log: ["a"] });
    expect(adapter.execute("b")).toMatchObject({ value: 2 });
    const next = new Hidden();
    expect(adapt(next, methods, { checkpoints }).execute("c")).toMatchObject({ value: 3 });
    expect(next.getState()).toEqual({ count: 3, log: ["a", "b", "c"] });
  });

  it("gives copies: the agent cannot change what is kept", () => {
    const legacy = new Hidden();
    const adapter = adapt(legacy, methods);
    for (const task of ["fail", "fail"]) adapter.execute(task);
    expect(legacy.getState()).toEqual({ count: 0, log: [] });
  });

  it("may be fields, also behind accessors; all else stays as it is", () => {
    class Fields {
      #memory: string[] = [];
      count = 0;
      other = 0;
      client = new Client();
      get memory(): string[] {
        return [...this.#memory];
      }
      set memory(memory: string[]) {
        this.#memory = memory;
      }
      run(): never {
        this.memory = [...this.memory, "x"];
        this.count += 1;
        this.other += 1;
        (this as { extra?: number; added?: number }).extra = 1;
        (this as { added?: number }).added = 1;
        throw new Error("x");
      }
    }
    const legacy = new Fields();
    const mapping = { Fields: { snapshot: { fields: ["memory", "count", "extra", "gone"] } } };
    const checkpoints = new MemoryCheckpointStore();
    expect(adapt(legacy, mapping, { checkpoints }).execute({})).toMatchObject({
      status: "failed",
      warnings: [],
    });
    expect(legacy).toMatchObject({ memory: [], count: 0, other: 1, added: 1 });
    expect(legacy).not.toHaveProperty("extra");
    expect(checkpoints.latest("Fields")?.context).toEqual({ memory: [], count: 0 });
  });

  it("says which fields cannot be put back", () => {
    class Agent {
      client = new Client();
      run(): never {
        throw new Error("x");
      }
    }
    const { warnings } = adapt(new Agent(), { Agent: { snapshot: { fields: ["client"] } } }).execute({});
    expect(warnings).toEqual(["The state of the legacy agent was not rolled back in client (Client)."]);
  });

  it("may be nothing, and then nothing is said of it", () => {
    class Agent {
      #private = 0;
      count = 0;
      run(): never {
        this.#private += 1;
        this.count += this.#private;
        throw new Error("x");
      }
    }
    const legacy = new Agent();
    const checkpoints = new MemoryCheckpointStore();
    const adapter = adapt(legacy, { Agent: { snapshot: null } }, { checkpoints });
    expect(adapter.execute({})).toMatchObject({ status: "failed", warnings: [] });
    expect(legacy.count).toBe(1);
    expect(checkpoints.latest("Agent")?.context).toBeNull();
    const other = adapt(new Agent(), { Agent: { snapshot: null } }, { checkpoints });
    expect(other.initialize()).toBe(true);
  });

  it("of methods that answer later, or are missing, is a warning and not kept", () => {
    class Later extends Hidden {
      save(): Promise<never> {
        return Promise.reject(new Error("later"));
      }
    }
    const warnings = (snapshot: { get: string; set: string }) =>
      adapt(new Later(), { Later: { snapshot } }).execute("fail").warnings.join(" ");
    expect(warnings({ get: "save", set: "setState" })).toContain(
      "save returned a promise: methods of a snapshot must be synchronous.",
    );
    expect(warnings({ get: "getState", set: "save" })).toContain("save returned a promise");
    expect(warnings({ get: "gone", set: "setState" })).toContain("Later has no method gone.");
  });

  it("leaves removed secrets as the constructor made them", () => {
    class Keyed {
      state: Record<string, unknown>;
      constructor(apiKey: string) {
        this.state = { apiKey, count: 0 };
      }
      save(): unknown {
        return this.state;
      }
      load(state: Record<string, unknown>): void {
        this.state = state;
      }
      run(): unknown {
        this.state.count = (this.state.count as number) + 1;
        return this.state.count;
      }
    }
    const mapping = { Keyed: { snapshot: { get: "save", set: "load" } } };
    const checkpoints = new MemoryCheckpointStore();
    adapt(new Keyed("old-secret-key"), mapping, { checkpoints }).execute({});
    expect(JSON.stringify(checkpoints.latest("Keyed"))).not.toContain("old-secret-key");
    const next = new Keyed("new-secret-key");
    expect(adapt(next, mapping, { checkpoints }).execute({})).toMatchObject({ value: 2 });
    expect(next.state).toEqual({ apiKey: "new-secret-key", count: 2 });
  });

  it("that is no record and lacks a removed secret is not restored", () => {
    class Tokens {
      list = ["Bearer abcdefghijklmnopqrstuvwx1234567890"];
      save(): unknown {
        return this.list;
      }
      load(list: string[]): void {
        this.list = list;
      }
      run(): number {
        return this.list.length;
      }
    }
    const mapping = { Tokens: { snapshot: { get: "save", set: "load" } } };
    const checkpoints = new MemoryCheckpointStore();
    adapt(new Tokens(), mapping, { checkpoints }).execute({});
    expect(JSON.stringify(checkpoints.latest("Tokens"))).not.toContain("abcdefghijklmnop");
    const next = new Tokens();
    adapt(next, mapping, { checkpoints }).execute({});
    expect(next.list[0]).toContain("abcdefghijklmnop");
  });
});

it("state that is stored cannot reach a prototype", () => {
  class Agent {
    count = 1;
    run(): number {
      return this.count;
    }
  }
  const legacy = new Agent();
  class Open extends UniversalAgentAdapter<Agent> {
    give(state: unknown): void {
      this.restore(state);
    }
  }
  new Open(legacy, { agentType: "unit" }).give(JSON.parse('{"__proto__": {"polluted": 1}, "count": 5}'));
  expect(legacy.count).toBe(5);
  expect("polluted" in legacy).toBe(false);
});
