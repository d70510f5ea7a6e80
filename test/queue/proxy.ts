import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A way to a server that can be cut. */
export interface Proxy {
  /** The address of the server with this way to it. */
  url: string;
  /** How many connections were made. */
  readonly connections: number;
  /** Drops all connections, and refuses new ones. */
  cut(): Promise<void>;
  /** Lets through again. */
  mend(): Promise<void>;
  /** What comes from the server is held back from now on, so that its answers are lost with the next cut. */
  hush(): void;
  close(): Promise<void>;
}

/** A proxy on 127.0.0.1 in front of a server on this machine. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let connections = 0;
  let isHushed = false;

  const join = (client: Socket) => {
    connections += 1;
    const server = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        if (from === client || !isHushed) to.write(bytes);
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
  const cut = async () => {
    const closed = listener === null ? null : once(listener, "close");
    listener?.close();
    listener = null;
    for (const socket of sockets) socket.destroy();
    await closed;
    isHushed = false;
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
      await listen(port);
    },
    hush: () => (isHushed = true),
    close: cut,
  };
}
