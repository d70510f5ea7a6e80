import { EventEmitter, once } from "node:events";
import { PassThrough, Readable } from "node:stream";

// 28 base classes as they are found in the wild: no two of them are started, called or ended alike. Each heir is what a
// team would run. All calls are logged on the instance or, where state is out of reach, beside it.

type Log = string[];
type NodeCallback = (error: Error | null, value?: string) => void;

/** What none of them takes is failing: the task that makes each of them throw. */
const failIf = (text: unknown) => {
  if (text === "fail") throw new Error("told to fail");
};

// 1: the textbook
class TaskAgent {
  log: Log = [];
  execute(task: { text: string }) {
    this.log.push(task.text);
    failIf(task.text);
    return { output: task.text.toUpperCase() };
  }
}
// 2: asynchronous, with a lifecycle
abstract class AsyncAgent {
  log: Log = [];
  async initialize(): Promise<void> {
    await Promise.resolve();
    this.log.push("initialize");
  }
  async shutdown(): Promise<void> {
    await Promise.resolve();
    this.log.push("shutdown");
  }
  abstract run(input: string): Promise<string>;
}
class AsyncHeir extends AsyncAgent {
  override async run(input: string): Promise<string> {
    this.log.push(input);
    await Promise.resolve();
    failIf(input);
    return input.toUpperCase();
  }
}
// 3: positional arguments of an orchestrator
class RequestAgent {
  log: Log = [];
  processRequest(
    inputText: string,
    userId: string,
    sessionId: string,
    chatHistory: string[],
    additionalParams?: string,
  ) {
    this.log.push([inputText, userId, sessionId, chatHistory.length, additionalParams ?? "none"].join("/"));
    failIf(inputText);
    return Promise.resolve({ role: "assistant", content: [{ text: inputText.toUpperCase() }] });
  }
}
// 4: a step and its context
class StepAgent {
  log: Log = [];
  executeTask(step: { text: string }, context: { depth?: number } = {}) {
    this.log.push(`${step.text}@${context.depth ?? 0}`);
    failIf(step.text);
    return { status: "completed", result: step.text.toUpperCase() };
  }
}
// 5: messages of an actor, answered by nothing
class ActorAgent {
  log: Log = [];
  handleMessage(message: { content: string }): void {
    failIf(message.content);
    this.log.push(message.content.toUpperCase());
  }
}
// 6: a Node-style callback
class CallbackAgent {
  log: Log = [];
  perform(text: string, done: NodeCallback): void {
    this.log.push(text);
    setImmediate(() => (text === "fail" ? done(new Error("told to fail")) : done(null, text.toUpperCase())));
  }
}
// 7: an emitter whose method resolves with its own event
class EmitterAgent extends EventEmitter {
  log: Log = [];
  async invoke(text: string): Promise<string> {
    this.log.push(text);
    setImmediate(() => {
      if (text === "fail") this.emit("error", new Error("told to fail"));
      else this.emit("done", text.toUpperCase());
    });
    const [answer] = (await once(this, "done")) as [string];
    return answer;
  }
}
// 8: configured first, then run
class BuilderAgent {
  log: Log = [];
  #ready = false;
  configure(): this {
    this.#ready = true;
    this.log.push("configure");
    return this;
  }
  run(text: string): string {
    if (!this.#ready) throw new Error("configure it first");
    this.log.push(text);
    failIf(text);
    return text.toUpperCase();
  }
}
// 9: failures are returned
class ResultAgent {
  log: Log = [];
  handle(text: string) {
    this.log.push(text);
    return text === "fail" ? { ok: false, reason: "told to fail" } : { ok: true, data: text.toUpperCase() };
  }
}
// 10: failures are returned, the way everybody does
class ReportingAgent {
  log: Log = [];
  act({ text }: { text: string }) {
    this.log.push(text);
    return text === "fail"
      ? { success: false, error: "told to fail" }
      : { success: true, data: text.toUpperCase() };
  }
}
// 11: a Node stream
class StreamAgent {
  log: Log = [];
  chat(text: string): Readable {
    this.log.push(text);
    const stream = new PassThrough({ objectMode: true });
    for (const char of text === "fail" ? "FA" : text.toUpperCase()) stream.write(char);
    if (text === "fail") setImmediate(() => stream.destroy(new Error("told to fail")));
    else stream.end();
    return stream;
  }
}
// 12: an async generator
class GeneratorAgent {
  log: Log = [];
  async *stream(text: string): AsyncGenerator<string> {
    this.log.push(text);
    for (const char of text.toUpperCase()) yield await Promise.resolve(char);
    failIf(text);
  }
}
// 13: a generator of steps
class SteppingAgent {
  log: Log = [];
  *step(text: string): Generator<string, string> {
    this.log.push(text);
    yield "thinking";
    failIf(text);
    return text.toUpperCase();
  }
}
// 14: only a static factory makes it
class FactoryAgent {
  log: Log = [];
  readonly #key: string;
  private constructor(key: string) {
    this.#key = key;
  }
  static create(key: string): FactoryAgent {
    return new FactoryAgent(key);
  }
  respond(text: string): string {
    this.log.push(`${text}:${this.#key}`);
    failIf(text);
    return text.toUpperCase();
  }
}
// 15: only an asynchronous factory makes it
class ConnectedAgent {
  log: Log = [];
  static async connect(): Promise<ConnectedAgent> {
    await Promise.resolve();
    return Object.assign(new ConnectedAgent(), { log: ["connect"] });
  }
  reply(text: string): string {
    this.log.push(text);
    failIf(text);
    return text.toUpperCase();
  }
}
// 16: the method stands behind a getter
class GetterAgent {
  log: Log = [];
  get call(): (text: string) => string {
    return (text) => {
      this.log.push(text);
      failIf(text);
      return text.toUpperCase();
    };
  }
}
// 17: all state is private, and can be exported
class PrivateAgent {
  #state = { log: [] as Log };
  exportState(): { log: Log } {
    return this.#state;
  }
  importState(state: { log: Log }): void {
    this.#state = state;
  }
  generate(text: string): string {
    this.#state.log.push(text);
    failIf(text);
    return text.toUpperCase();
  }
}
// 18: arrow functions as fields
class ArrowAgent {
  log: Log = [];
  kickoff = (inputs: { text: string }): string => {
    this.log.push(inputs.text);
    failIf(inputs.text);
    return inputs.text.toUpperCase();
  };
}
// 19: written before there were classes
interface OldAgent {
  log: Log;
  run(text: string): string;
}
const OldAgent = function (this: OldAgent) {
  this.log = [];
} as unknown as new () => OldAgent;
Object.assign(OldAgent.prototype as object, {
  run(this: OldAgent, text: string): string {
    this.log.push(text);
    failIf(text);
    return text.toUpperCase();
  },
});
// 20: a domain verb of its own
class TranslationAgent {
  log: Log = [];
  translate(text: string, from: string, to: string): string {
    this.log.push(`${text} ${from}>${to}`);
    failIf(text);
    return text.toUpperCase();
  }
}
// 21: its input is a property
class PropertyAgent {
  log: Log = [];
  input = "";
  start(): void {
    this.log.push("start");
  }
  executeWith(task: { input: string }): string {
    this.input = task.input;
    this.log.push(this.input);
    failIf(this.input);
    return this.input.toUpperCase();
  }
}
// 22: one object with everything in it
class OptionsAgent {
  log: Log = [];
  async invoke(
    { messages }: { messages: { content: string }[] },
    options?: { signal?: { aborted: boolean } },
  ): Promise<{ messages: { content: string }[] }> {
    await Promise.resolve();
    const text = messages.at(-1)?.content ?? "";
    this.log.push(`${text}/${options?.signal?.aborted ?? "none"}`);
    failIf(text);
    return { messages: [...messages, { content: text.toUpperCase() }] };
  }
}
// 23: gathers what it is given, works at the end
class RestAgent {
  log: Log = [];
  run(...parts: string[]): string {
    this.log.push(...parts);
    failIf(parts[0]);
    return parts.join(" ").toUpperCase();
  }
}
// 24: a mixin above a base
class Plain {
  ended = 0;
  close(): void {
    this.ended += 1;
  }
}
const Logging = (base: typeof Plain) =>
  class Logged extends base {
    log: Log = [];
    note(text: string): void {
      this.log.push(text);
    }
  };
class MixedAgent extends Logging(Plain) {
  answer(question: string): string {
    this.note(question);
    failIf(question);
    return question.toUpperCase();
  }
}
// 25: a collection that is an agent
class MapAgent extends Map<string, string> {
  solve(problem: string): string {
    failIf(problem);
    this.set(problem, problem.toUpperCase());
    return this.get(problem) ?? "";
  }
}
// 26: a proxy that answers to any method
const proxyAgent = (): { log: Log } =>
  new Proxy(
    { log: [] as Log },
    {
      get: (target, name, receiver) =>
        name === "ask"
          ? (text: string) => {
              target.log.push(text);
              failIf(text);
              return text.toUpperCase();
            }
          : (Reflect.get(target, name, receiver) as unknown),
    },
  );
// 27: ended by the disposal of its scope, frozen from the start
class FrozenAgent {
  readonly log: Log = [];
  constructor() {
    Object.freeze(this);
  }
  process(text: string): string {
    this.log.push(text);
    failIf(text);
    return text.toUpperCase();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
    this.log.push("disposed");
  }
}
// 28: a function with properties
const functionAgent = () => {
  const log: Log = [];
  return Object.assign(() => "not this", {
    log,
    execute: (text: string): string => {
      log.push(text);
      failIf(text);
      return text.toUpperCase();
    },
  });
};

export {
  ActorAgent,
  ArrowAgent,
  AsyncHeir,
  BuilderAgent,
  CallbackAgent,
  ConnectedAgent,
  EmitterAgent,
  FactoryAgent,
  FrozenAgent,
  functionAgent,
  GeneratorAgent,
  GetterAgent,
  MapAgent,
  MixedAgent,
  OldAgent,
  OptionsAgent,
  PrivateAgent,
  PropertyAgent,
  proxyAgent,
  ReportingAgent,
  RequestAgent,
  RestAgent,
  ResultAgent,
  StepAgent,
  SteppingAgent,
  StreamAgent,
  TaskAgent,
  TranslationAgent,
};
