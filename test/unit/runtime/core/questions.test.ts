import { describe, expect, it } from "vitest";
import {
  type AgentEvent,
  AgentUsageError,
  type Answer,
  type Answerer,
  type Checkpoint,
  type CheckpointStore,
  type ExecuteOptions,
  type ExecutionContext,
  MemoryCheckpointStore,
  type Question,
  type Result,
} from "../../../../src/runtime/index.ts";
import { fast, TestAgent } from "./testAgent.ts";

const approve = { kind: "approve", message: "Go on?" } as const;
const choose = { kind: "choose", message: "Which?", options: ["a", "b"] } as const;
const text = { kind: "text", message: "Name?", default: "Ada" } as const;

/** Answers from a list, and keeps what it was asked. */
function answering(...answers: unknown[]): Answerer & { asked: Question[] } {
  const asked: Question[] = [];
  return Object.assign((question: Question) => answers[asked.push(question) - 1] as Answer, { asked });
}

const ofAll = (store: CheckpointStore): Checkpoint[] =>
  store
    .list("test")
    .reverse()
    .flatMap(({ id }) => store.load(id) ?? []);
const messageOf = (result: Result): string => (result.status === "failed" ? result.error.message : "");

describe("asking", () => {
  it("gives the answers to all kinds of questions, with their types", async () => {
    const answerer = answering(true, "b", "Grace");
    const agent = new TestAgent(
      async (_, ctx) => {
        const yes: boolean = await ctx.ask(approve);
        const which: string = await ctx.ask(choose);
        return [yes, which, ctx.askSync(text)];
      },
      { answerer },
    );
    expect(await agent.executeAsync({})).toMatchObject({ value: [true, "b", "Grace"], warnings: [] });
    expect(answerer.asked).toEqual([approve, choose, text]);
  });

  it("tells the answerer who asks, with a signal that has aborted when nobody waits any more", async () => {
    let asker: unknown;
    const agent = new TestAgent((_, ctx) => ctx.ask(approve), {
      answerer: (_, who) => {
        asker = who;
        return Promise.resolve(false);
      },
    });
    expect(await agent.executeAsync({}, { runId: "r1" })).toMatchObject({ value: false });
    expect(asker).toMatchObject({
      agent: { name: "test" },
      runId: "r1",
      signal: { aborted: true },
    });
  });

  it("works within execute() where the answerer answers at once", () => {
    const agent = new TestAgent((_, ctx) => ctx.askSync(text), { answerer: answering(undefined) });
    expect(agent.execute({})).toMatchObject({ value: "Ada" });
  });

  it.each<[string, ExecuteOptions, (ctx: ExecutionContext) => unknown, RegExp]>([
    ["without an answerer", {}, (ctx) => ctx.askSync(approve), /"Go on\?".*"answerer"/],
    [
      "of an answerer that returns a promise",
      { answerer: () => Promise.reject(new Error("late")) },
      (ctx) => ctx.askSync(approve),
      /executeAsync/,
    ],
    ["with ctx.ask", { answerer: answering(true) }, (ctx) => ctx.ask(approve), /executeAsync/],
  ])("within execute() %s fails with what to do", async (_, options, impl, message) => {
    const agent = new TestAgent((_task, ctx) => impl(ctx), options);
    const result = agent.execute({}, { retry: fast });
    expect(result).toMatchObject({ status: "failed", attempts: 1, error: { name: "AgentUsageError" } });
    expect(messageOf(result)).toMatch(message);
    await new Promise((resolve) => setTimeout(resolve, 1));
  });

  it("asks nobody with ctx.ask within execute(), whose answer could not come", () => {
    const answerer = answering(true);
    const agent = new TestAgent((_, ctx) => void ctx.ask(approve), { answerer });
    expect(agent.execute({})).toMatchObject({ status: "success" });
    expect(answerer.asked).toEqual([]);
  });

  it.each<[unknown, RegExp]>([
    [null, /object with a kind/],
    [{ kind: "approve", message: " " }, /message/],
    [{ kind: "maybe", message: "x" }, /"approve", "choose" or "text"/],
    [{ kind: "choose", message: "x" }, /options/],
    [{ kind: "choose", message: "x", options: [] }, /options/],
    [{ kind: "choose", message: "x", options: ["a", 1] }, /list of texts/],
    [{ kind: "choose", message: "x", options: ["a", "a"] }, /differ/],
    [{ kind: "text", message: "x", default: 1 }, /default/],
  ])("refuses the question %j", async (question, message) => {
    const answerer = answering(true);
    const agent = new TestAgent((_, ctx) => ctx.askSync(question as Question), { answerer });
    expect(messageOf(agent.execute({}, { retry: fast }))).toMatch(message);
    agent.impl = (_, ctx) => ctx.ask(question as Question);
    expect(messageOf(await agent.executeAsync({}))).toMatch(message);
    expect(answerer.asked).toEqual([]);
  });

  it.each<[Question, unknown, RegExp]>([
    [approve, "yes", /true or false.*another text/],
    [approve, undefined, /undefined/],
    [approve, null, /null/],
    [choose, "c", /one of "a", "b"/],
    [choose, 1, /type number/],
    [text, true, /a text.*type boolean/],
    [{ kind: "text", message: "x" }, undefined, /a text/],
  ])("refuses as answer to %j: %j", async (question, answer, message) => {
    const store = new MemoryCheckpointStore();
    const answerer = () => Promise.resolve(answer as Answer);
    const agent = new TestAgent((_, ctx) => ctx.ask(question), { answerer, checkpoints: store });
    const result = await agent.executeAsync({}, { retry: fast });
    expect(result).toMatchObject({ status: "failed", attempts: 1, error: { name: "AgentUsageError" } });
    expect(messageOf(result)).toMatch(message);
    expect(ofAll(store).filter(({ label }) => label === "answer")).toEqual([]);
  });

  it("gives the agent's code what the answerer throws", async () => {
    const answerer = () => {
      throw new RangeError("gone");
    };
    const agent = new TestAgent((_, ctx) => ctx.ask(approve).catch((error: unknown) => String(error)), {
      answerer,
    });
    expect(await agent.executeAsync({})).toMatchObject({ value: "RangeError: gone" });
  });

  it("puts one question after the other, in order", async () => {
    const log: string[] = [];
    const answerer: Answerer = async ({ message }) => {
      log.push(`asked ${message}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      log.push(`answered ${message}`);
      return message;
    };
    const ask = (ctx: ExecutionContext, message: string) => ctx.ask({ kind: "text", message });
    const agent = new TestAgent((_, ctx) => Promise.all(["1", "2"].map((message) => ask(ctx, message))), {
      answerer,
    });
    expect(await agent.executeAsync({})).toMatchObject({ value: ["1", "2"] });
    expect(log).toEqual(["asked 1", "answered 1", "asked 2", "answered 2"]);
  });

  it("no longer waits for an answer that ctx.askSync cannot wait for", async () => {
    let withdrawn: AbortSignal | undefined;
    const answerer: Answerer = (_, { signal }) => {
      withdrawn = signal;
      return new Promise(() => undefined);
    };
    const agent = new TestAgent(
      (_, ctx) => {
        expect(() => ctx.askSync(approve)).toThrow("cannot wait");
        return withdrawn?.aborted;
      },
      { answerer },
    );
    expect(await agent.executeAsync(1)).toMatchObject({ status: "success", value: true });
  });

  it("refuses ctx.askSync while another question waits", async () => {
    const agent = new TestAgent(
      (_, ctx) => {
        void ctx.ask(approve);
        return ctx.askSync(approve);
      },
      { answerer: () => new Promise(() => undefined) },
    );
    expect(messageOf(await agent.executeAsync({}))).toMatch(/Another question waits/);
  });
});

describe("an abort while a person is asked", () => {
  it("ends the execution and the question at once, and the agent is free again", async () => {
    const controller = new AbortController();
    let dismissed: unknown;
    let caught: unknown;
    const agent = new TestAgent(
      async (_, ctx) => {
        try {
          await ctx.ask(approve);
        } catch (error) {
          caught = error;
          throw error;
        }
      },
      {
        answerer: (_, { signal }) => {
          signal.addEventListener("abort", () => (dismissed = true));
          setTimeout(() => controller.abort("enough"), 0);
          return new Promise(() => undefined);
        },
      },
    );
    const result = await agent.executeAsync({}, { signal: controller.signal, retry: fast });
    expect(result).toMatchObject({ aborted: true, attempts: 1, error: { name: "AbortError" } });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(dismissed).toBe(true);
    expect(caught).toMatchObject({ name: "AbortError", message: "The execution was aborted: enough" });
    agent.impl = () => "free";
    expect(agent.execute({})).toMatchObject({ value: "free" });
  });

  it("leaves no listener on the signal", async () => {
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_: "abort", listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
    };
    const agent = new TestAgent((_, ctx) => ctx.ask(approve), { answerer: answering(true) });
    expect(await agent.executeAsync({}, { signal })).toMatchObject({ value: true });
    expect(listeners.size).toBe(0);
  });

  it("is not needed where an attempt fails beside its question: that ends, and nobody answers it later", async () => {
    let answerLate: ((yes: boolean) => void) | undefined;
    const ends: unknown[] = [];
    const agent = new TestAgent(
      (_, ctx) => {
        if (ctx.attempt === 2) return "second";
        ctx.ask(approve).catch((error: unknown) => ends.push((error as Error).name));
        return new Promise((_resolve, reject) => setTimeout(() => reject(new Error("beside")), 1));
      },
      { answerer: () => new Promise<boolean>((resolve) => (answerLate = resolve)) },
    );
    const result = await agent.executeAsync({}, { retry: fast });
    expect(result).toMatchObject({ value: "second", attempts: 2 });
    expect(ends).toEqual(["AbortError"]);
    answerLate?.(true);
  });

  it("or the end of the execution refuses later questions", async () => {
    let late: ExecutionContext | undefined;
    const agent = new TestAgent((_, ctx) => void (late = ctx), { answerer: answering(true) });
    await agent.executeAsync({});
    await expect(late?.ask(approve)).rejects.toThrow(/has ended/);
    expect(() => late?.askSync(approve)).toThrow(/has ended/);
  });
});

describe("answers", () => {
  it("are told as events, and kept at once and by every later checkpoint of the execution", async () => {
    const store = new MemoryCheckpointStore();
    const events: AgentEvent[] = [];
    const agent = new TestAgent(
      async (_, ctx) => {
        await ctx.ask(approve);
        ctx.checkpoint("half");
        await ctx.ask(choose);
      },
      { checkpoints: store, answerer: answering(true, "b") },
    );
    await agent.executeAsync({}, { onEvent: (event) => events.push(event) });
    const first = { question: approve, answer: true };
    const second = { question: choose, answer: "b" };
    expect(ofAll(store).map(({ label, answers }) => [label, answers])).toEqual([
      ["started", undefined],
      ["answer", [first]],
      ["half", [first]],
      ["answer", [first, second]],
      ["completed", [first, second]],
    ]);
    expect(events.filter(({ type }) => type === "question" || type === "answer")).toEqual([
      { type: "question", question: approve },
      { type: "answer", ...first, replayed: false },
      { type: "question", question: choose },
      { type: "answer", ...second, replayed: false },
    ]);
    agent.impl = () => 1;
    agent.execute({});
    expect(store.load(store.list("test")[0]?.id ?? "")).not.toHaveProperty("answers");
  });

  it("are given again to later attempts without a person", async () => {
    const answerer = answering(true, "b");
    const events: AgentEvent[] = [];
    const agent = new TestAgent(
      async (_, ctx) => {
        const yes = await ctx.ask(approve);
        if (ctx.attempt < 3) throw new Error("again");
        return [yes, ctx.askSync(choose)];
      },
      { answerer },
    );
    const result = await agent.executeAsync({}, { retry: fast, onEvent: (event) => events.push(event) });
    expect(result).toMatchObject({ value: [true, "b"], attempts: 3, warnings: [] });
    expect(answerer.asked).toEqual([approve, choose]);
    const replayed = events.flatMap((event) => (event.type === "answer" ? [event.replayed] : []));
    expect(replayed).toEqual([false, true, true, false]);
  });

  it("that cannot be saved are a warning: they were given", async () => {
    const store = new MemoryCheckpointStore();
    const save = store.save.bind(store);
    store.save = (draft) => {
      if (draft.label === "answer") throw new Error("disk full");
      return save(draft);
    };
    const agent = new TestAgent((_, ctx) => ctx.ask(approve), {
      checkpoints: store,
      answerer: answering(true),
    });
    const result = await agent.executeAsync({});
    expect(result).toMatchObject({ value: true, warnings: ["The answer was not saved: disk full"] });
  });

  it("that are secret are neither told nor kept, but given to later attempts", async () => {
    const store = new MemoryCheckpointStore();
    const secret = { kind: "text", message: "Which word?", secret: true } as const;
    const answerer = answering("hunter2");
    const events: AgentEvent[] = [];
    const agent = new TestAgent(
      async (_, ctx) => {
        const word = await ctx.ask(secret);
        if (ctx.attempt === 1) throw new Error("again");
        return word;
      },
      { checkpoints: store, answerer },
    );
    const result = await agent.executeAsync({}, { retry: fast, onEvent: (event) => events.push(event) });
    expect(result).toMatchObject({ value: "hunter2", attempts: 2 });
    expect(answerer.asked).toHaveLength(1);
    expect(JSON.stringify([events, ofAll(store)])).not.toContain("hunter2");
    expect(ofAll(store).at(-1)?.answers).toEqual([{ question: secret, answer: "[redacted]" }]);
  });
});

describe("resuming", () => {
  const both = async (_: unknown, ctx: ExecutionContext) => [await ctx.ask(approve), await ctx.ask(text)];

  async function recorded(store: CheckpointStore, impl = both): Promise<string> {
    const agent = new TestAgent(impl, { checkpoints: store, answerer: answering(true, "Grace") });
    await agent.executeAsync({});
    return store.list("test").find(({ label }) => label === "answer")?.id ?? "";
  }

  it("replays the recorded answers, also where nobody answers", async () => {
    const store = new MemoryCheckpointStore();
    const id = await recorded(store);
    const result = await new TestAgent(both, { checkpoints: store }).executeAsync({}, { resume: id });
    expect(result).toMatchObject({ value: [true, "Grace"], warnings: [] });
    expect(store.list("test")[0]).toMatchObject({ label: "completed" });
    expect(ofAll(store).at(-1)?.answers).toHaveLength(2);
  });

  it("asks a question that is another one anew, and all after it, with a warning", async () => {
    const store = new MemoryCheckpointStore();
    const id = await recorded(store);
    const answerer = answering("Lin", false);
    const agent = new TestAgent(
      async (_, ctx) => [await ctx.ask({ ...text, message: "Whose name?" }), await ctx.ask(approve)],
      { checkpoints: store, answerer },
    );
    const result = await agent.executeAsync({}, { resume: id });
    expect(result).toMatchObject({ value: ["Lin", false] });
    expect(result.warnings).toEqual([
      'The agent asked something else than before, "Whose name?": 2 recorded answers were dropped.',
    ]);
    expect(
      ofAll(store)
        .at(-1)
        ?.answers?.map(({ answer }) => answer),
    ).toEqual(["Lin", false]);
  });

  it("skips the answers that the restored state makes unneeded", async () => {
    const store = new MemoryCheckpointStore();
    const id = await recorded(store);
    const agent = new TestAgent((_, ctx) => ctx.ask(text), { checkpoints: store });
    const result = await agent.executeAsync({}, { resume: id });
    expect(result).toMatchObject({ value: "Grace", warnings: [] });
    expect(ofAll(store).at(-1)?.answers).toHaveLength(2);
  });

  it("replays in the order of the questions only", async () => {
    const store = new MemoryCheckpointStore();
    const id = await recorded(store);
    const answerer = answering(false);
    const agent = new TestAgent(async (_, ctx) => [await ctx.ask(text), await ctx.ask(approve)], {
      checkpoints: store,
      answerer,
    });
    expect(await agent.executeAsync({}, { resume: id })).toMatchObject({
      value: ["Grace", false],
      warnings: [],
    });
    expect(answerer.asked).toEqual([approve]);
    expect(
      ofAll(store)
        .at(-1)
        ?.answers?.map(({ answer }) => answer),
    ).toEqual([true, "Grace", false]);
  });

  it("asks for what was redacted anew, and replays the rest", async () => {
    const store = new MemoryCheckpointStore();
    const key = { kind: "text", message: "Which API key?" } as const;
    const word = { kind: "text", message: "Which word?", secret: true } as const;
    const impl = async (_: unknown, ctx: ExecutionContext) => [
      await ctx.ask(key),
      await ctx.ask(word),
      await ctx.ask(approve),
    ];
    const first = new TestAgent(impl, { checkpoints: store, answerer: answering("k1", "w1", true) });
    await first.executeAsync({});
    const resume = store.list("test")[0]?.id;
    const answerer = answering("k2", "w2");
    const second = new TestAgent(impl, { checkpoints: store, answerer });
    expect(await second.executeAsync({}, { resume })).toMatchObject({
      value: ["k2", "w2", true],
      warnings: [],
    });
    expect(answerer.asked).toEqual([key, word]);
    expect(ofAll(store).at(-1)?.answers).toHaveLength(3);
  });

  it("asks a new secret without ending the replay", async () => {
    const store = new MemoryCheckpointStore();
    const id = await recorded(store);
    const word = { kind: "text", message: "Which word?", secret: true } as const;
    const answerer = answering("w");
    const agent = new TestAgent(async (_, ctx) => [await ctx.ask(word), ...(await both(_, ctx))], {
      checkpoints: store,
      answerer,
    });
    expect(await agent.executeAsync({}, { resume: id })).toMatchObject({
      value: ["w", true, "Grace"],
      warnings: [],
    });
  });

  it("asks anew where a foreign store holds an answer that does not fit", async () => {
    const store = new MemoryCheckpointStore();
    const id = await recorded(store);
    const load = store.load.bind(store);
    store.load = (one) => {
      const checkpoint = load(one);
      return checkpoint && { ...checkpoint, answers: [{ question: approve, answer: "yes" }] };
    };
    const agent = new TestAgent((_, ctx) => ctx.ask(approve), {
      checkpoints: store,
      answerer: answering(false),
    });
    expect(await agent.executeAsync({}, { resume: id })).toMatchObject({ value: false });
  });
});

it("types each answer by its question", async () => {
  const agent = new TestAgent(
    async (_, ctx) => {
      const yes: boolean = await ctx.ask({ kind: "approve", message: "x" });
      const name: string = ctx.askSync({ kind: "text", message: "x" });
      // @ts-expect-error -- one of the options is a text
      const which: boolean = await ctx.ask({ kind: "choose", message: "x", options: ["a"] });
      const any: Answer = await ctx.ask<Question>(choose);
      return [yes, name, which, any];
    },
    { answerer: answering(true, "n", "a", "b") },
  );
  expect(await agent.executeAsync({})).toMatchObject({ value: [true, "n", "a", "b"] });
});

it("names its errors as use errors", () => {
  const agent = new TestAgent((_, ctx) => ctx.askSync(approve));
  const result = agent.execute({});
  expect(result.status === "failed" && result.cause).toBeInstanceOf(AgentUsageError);
});
