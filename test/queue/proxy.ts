import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A way to a server that can be cut. */
export interface Proxy {
  /** The address of the server with this way to it. */
  url: string;
  /** How many connections were made. */
  readonly connections: number;
  /** Drops all connections, and refuses new ones, or takes them and drops them as well. */
  cut(how?: "refuse" | "drop"): Promise<void>;
  /** Lets through again. */
  mend(): Promise<void>;
  /** What comes from the server is lost from now on, also over new connections. */
  hush(): void;
  /** Over connections that are new from now on it is heard. */
  speak(): void;
  /** So many bytes a second go over each connection to the server from now on; null for any number. */
  slow(bytesASecond: number | null): void;
  close(): Promise<void>;
}

/** A proxy on 127.0.0.1 in front of a server on this machine. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let connections = 0;
  let isHushed = false;
  let drops = false;
  let most: number | null = null;

  const join = (client: Socket) => {
    connections += 1;
    if (drops) {
      client.on("error", () => undefined).destroy();
      return;
    }
    let isHeard = true;
    const server = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        isHeard &&= !isHushed;
        if (from === client || isHeard) to.write(bytes);
        if (from !== client || most === null) return;
        from.pause();
        setTimeout(() => from.resume(), (bytes.length / most) * 1_000);
      });
      // Both ends hear of it by the close.
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  };

  let listener: Server | null = null;
  const listen = async (port: number) => {
    listener = createServer(join).listen(port, "127.0.0.1");
    await once(listener, "listening");
    return (listener.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const close = async () => {
    const closed = listener === null ? null : once(listener, "close");
    listener?.close();
    listener = null;
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const cut = async (how: "refuse" | "drop" = "refuse") => {
    await close();
    isHushed = false;
    drops = how === "drop";
    if (drops) await listen(port);
  };
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String(port);
  return {
    url: through.href,
    get connections() {
      return connections;
    },
    cut,
    mend: async () => {
      drops = false;
      if (listener === null) await listen(port);
    },
    hush: () => (isHushed = true),
    speak: () => (isHushed = false),
    slow: (bytesASecond) => (most = bytesASecond),
    close,
  };
}
