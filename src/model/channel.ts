import type { ChannelOptions } from "birpc";

/** No call times out by itself: it settles by reply, error, abort, or the peer's end. */
type Channel = ChannelOptions & { timeout: -1 };

interface Port {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  off(event: "message", listener: (message: unknown) => void): unknown;
}

/** birpc over a worker thread or its parent port. */
export function overPort(port: Port): Channel {
  return {
    post: (message) => port.postMessage(message),
    on: (listener) => void port.on("message", listener),
    off: (listener) => void port.off("message", listener),
    timeout: -1,
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
  };
}
