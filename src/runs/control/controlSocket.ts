import { chmod, rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ControlReply, ControlRequest } from "../../model/runControl.ts";
import { UserError } from "../../model/userError.ts";

const WINDOWS = process.platform === "win32";

/** Throws a UserError for what it refuses. */
export type ControlHandler = (request: ControlRequest) => Promise<void>;

/** Short, because the paths of sockets may have no more than 103 bytes. Who does not know the owner's id cannot guess it. */
export const socketOf = (owner: string): string =>
  WINDOWS ? `\\\\.\\pipe\\agents-${owner}` : join(tmpdir(), `agents-${owner}.sock`);

/** Lets the user's other processes reach the runs of this one, until the answer is called. A connection is one request and its reply. */
export async function serveControl(owner: string, handle: ControlHandler): Promise<() => void> {
  const path = socketOf(owner);
  const server = createServer((socket) => void serve(socket, handle));
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  server.on("error", () => undefined);
  if (!WINDOWS) await chmod(path, 0o600);
  return () => void server.close();
}

async function serve(socket: Socket, handle: ControlHandler): Promise<void> {
  socket.unref();
  socket.on("error", () => undefined);
  for await (const line of createInterface({ input: socket })) {
    const reply = await replyTo(line, handle);
    socket.end(`${JSON.stringify(reply)}\n`);
    return;
  }
}

async function replyTo(line: string, handle: ControlHandler): Promise<ControlReply> {
  try {
    await handle(ControlRequest.parse(JSON.parse(line)));
    return { refusal: null };
  } catch (error) {
    if (error instanceof UserError) return { refusal: error.message };
    return {
      refusal: "The process that records the run does not understand this: use the same version of it.",
    };
  }
}

/** Rejects with a UserError where the other process refuses, and with another error where it cannot be reached. */
export async function requestControl(owner: string, request: ControlRequest, waitMs: number): Promise<void> {
  const socket = createConnection(socketOf(owner));
  try {
    socket.setTimeout(waitMs, () => socket.destroy(new Error("There was no reply in time.")));
    socket.write(`${JSON.stringify(request)}\n`);
    let text = "";
    for await (const chunk of socket.setEncoding("utf8")) text += String(chunk);
    const { refusal } = ControlReply.parse(JSON.parse(text));
    if (refusal !== null) throw new UserError(refusal);
  } finally {
    socket.destroy();
  }
}

/** What a process that was killed left behind. */
export async function removeSocket(owner: string): Promise<void> {
  if (!WINDOWS) await rm(socketOf(owner), { force: true });
}
