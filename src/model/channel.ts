import type { ChannelOptions } from "birpc";
import { UserError } from "./userError.ts";

/** No call times out by itself: it settles by reply, error, abort, or the peer's end. */
type Channel = ChannelOptions & { timeout: -1 };

interface Port {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  off(event: "message", listener: (message: unknown) => void): unknown;
}

interface Reply {
  e?: unknown;
}

const isReply = (message: unknown): message is Reply =>
  typeof message === "object" && message !== null && "e" in message;

/** Neither structured clone nor JSON keeps an error's class: a rejected call travels as name, message and stack. */
const errorsAsData = {
  serialize: (message: unknown): unknown => {
    if (!isReply(message) || !(message.e instanceof Error)) return message;
    const { name, message: text, stack } = message.e;
    return { ...message, e: { name, message: text, stack } };
  },
  deserialize: (message: unknown): unknown => {
    if (!isReply(message) || typeof message.e !== "object" || message.e === null) return message;
    const { name, message: text, stack } = message.e as { name: string; message: string; stack?: string };
    const error = name === "UserError" ? new UserError(text) : Object.assign(new Error(text), { name });
    if (stack !== undefined) error.stack = stack;
    return { ...message, e: error };
  },
};

/** birpc over a worker thread or its parent port. */
export function overPort(port: Port): Channel {
  return {
    post: (message) => port.postMessage(message),
    on: (listener) => void port.on("message", listener),
    off: (listener) => void port.off("message", listener),
    timeout: -1,
    ...errorsAsData,
  };
}

interface Process {
  send?(message: unknown): boolean;
  connected?: boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  off(event: "message", listener: (message: unknown) => void): unknown;
}

/** birpc over a forked child process or, in it, over `process`. Messages after the other side has gone are dropped. */
export function overProcess(peer: Process): Channel {
  return {
    post: (message) => {
      if (peer.connected === true) peer.send?.(message);
    },
    on: (listener) => void peer.on("message", listener),
    off: (listener) => void peer.off("message", listener),
    timeout: -1,
    ...errorsAsData,
  };
}
