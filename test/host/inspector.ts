import * as z from "zod";

const Message = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  result: z.record(z.string(), z.unknown()).default({}),
  error: z.object({ message: z.string() }).optional(),
});
type Message = z.infer<typeof Message>;

const Attached = z.object({ sessionId: z.string() });
const FromWorker = Attached.extend({ message: z.string() });
const Script = z.object({ scriptId: z.string(), url: z.string(), sourceMapURL: z.string().optional() });
const Paused = z.object({
  callFrames: z.array(
    z.object({
      location: z.object({ scriptId: z.string(), lineNumber: z.number() }),
      callFrameId: z.string(),
    }),
  ),
});

/** Where a thread stands still. */
export interface Pause {
  /** Of the script. */
  url: string;
  /** Counted from 1. */
  line: number;
  /** The value that an expression has there. */
  valueOf(expression: string): Promise<unknown>;
  resume(): Promise<unknown>;
}

/** A debugger that sets one breakpoint in the threads of a process, as simple as can be. */
export class Inspector {
  /** The first time that a thread stops. */
  readonly paused: Promise<Pause>;
  readonly #socket: WebSocket;
  readonly #scripts = new Map<string, z.infer<typeof Script>>();
  readonly #waiting = new Map<number, (message: Message) => void>();
  #last = 0;
  #pause: (pause: Pause) => void = () => undefined;

  private constructor(socket: WebSocket, { url, line }: { url: string; line: number }) {
    this.#socket = socket;
    this.paused = new Promise((resolve) => (this.#pause = resolve));
    socket.addEventListener("message", ({ data }) => {
      const { method, params } = Message.parse(JSON.parse(String(data)));
      if (method === "NodeWorker.attachedToWorker") {
        const { sessionId } = Attached.parse(params);
        void this.#ask(sessionId, "Debugger.enable");
        void this.#ask(sessionId, "Debugger.setBreakpointByUrl", { lineNumber: line - 1, urlRegex: url });
        void this.#ask(sessionId, "Runtime.runIfWaitingForDebugger");
      }
      if (method === "NodeWorker.receivedMessageFromWorker") {
        const { sessionId, message } = FromWorker.parse(params);
        this.#hear(sessionId, Message.parse(JSON.parse(message)));
      }
    });
  }

  /** Attaches to the inspector of a process; threads that start from then on wait until the breakpoint is set. */
  static async attach(address: string, breakpoint: { url: string; line: number }): Promise<Inspector> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    const inspector = new Inspector(socket, breakpoint);
    socket.send(
      JSON.stringify({ id: 0, method: "NodeWorker.enable", params: { waitForDebuggerOnStart: true } }),
    );
    return inspector;
  }

  /** The source map that came along with a script. */
  sourceMapOf(url: string): unknown {
    const script = [...this.#scripts.values()].find((found) => found.url.endsWith(url));
    const [, encoded] = /^data:application\/json;.*base64,(.*)$/.exec(script?.sourceMapURL ?? "") ?? [];
    return encoded === undefined ? undefined : JSON.parse(Buffer.from(encoded, "base64").toString());
  }

  close(): void {
    this.#socket.close();
  }

  #ask(sessionId: string, method: string, params: object = {}): Promise<Message> {
    this.#last += 1;
    const id = this.#last;
    const message = JSON.stringify({ id, method, params });
    const sent = { id, method: "NodeWorker.sendMessageToWorker", params: { sessionId, message } };
    this.#socket.send(JSON.stringify(sent));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #hear(sessionId: string, message: Message): void {
    const { id, method, params } = message;
    if (id !== undefined) this.#waiting.get(id)?.(message);
    if (method === "Debugger.scriptParsed") {
      const script = Script.parse(params);
      this.#scripts.set(script.scriptId, script);
    }
    if (method !== "Debugger.paused") return;
    const [frame] = Paused.parse(params).callFrames;
    if (frame === undefined) return;
    const { callFrameId, location } = frame;
    const url = this.#scripts.get(location.scriptId)?.url ?? "";
    // A thread that waited for its debugger stops at its own first line, too.
    if (!url.endsWith("Agent.ts")) return void this.#ask(sessionId, "Debugger.resume");
    this.#pause({
      url,
      line: location.lineNumber + 1,
      valueOf: async (expression) => {
        const asked = { callFrameId, expression, returnByValue: true };
        const { result } = await this.#ask(sessionId, "Debugger.evaluateOnCallFrame", asked);
        return z.object({ result: z.object({ value: z.unknown() }) }).parse(result).result.value;
      },
      resume: () => this.#ask(sessionId, "Debugger.resume"),
    });
  }
}
