import { createRequire } from "node:module";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { shownAddress } from "../../queue/address.ts";
import { UserError } from "../../model/userError.ts";
import { onInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { addressOf, type QueueOptions } from "./options.ts";

export interface BoardOptions extends QueueOptions {
  queue: string;
  port: number;
}

const PACKAGES = "bullmq @bull-board/api @bull-board/express express";
/** The board has no log-in of its own. */
const HOST = "127.0.0.1";

/** What we use of bull-board, which is not part of this package: its pages are larger than all of it. */
interface Board {
  createBullBoard(options: { queues: unknown[]; serverAdapter: unknown }): void;
  BullMQAdapter: new (queue: unknown, options: { readOnlyMode: boolean }) => unknown;
  ExpressAdapter: new () => { getRouter(): unknown };
  express: () => { use(router: unknown): void; listen(port: number, host: string): Server };
}

/** Shows the jobs of a queue in a browser until it is told to end. Runs are cancelled and resumed elsewhere: their records would not know. */
export async function boardCommand(options: BoardOptions, output: Output): Promise<number> {
  const address = addressOf(options.queue, options.queueName);
  const board = loadBoard();
  const { openJobs } = await import("../../queue/connect.ts");
  const jobs = await openJobs(address, (error) => output.note(error.message));
  try {
    const serverAdapter = new board.ExpressAdapter();
    board.createBullBoard({
      queues: [new board.BullMQAdapter(jobs.queue, { readOnlyMode: true })],
      serverAdapter,
    });
    const app = board.express();
    app.use(serverAdapter.getRouter());
    const server = await listening(app.listen(options.port, HOST));
    const { port } = server.address() as AddressInfo;
    const ended = new Promise<void>((end) => {
      onInterrupt(end, "Closing the board.", output);
    });
    output.line(`http://${HOST}:${port}/`);
    output.note(`Shows the jobs of ${shownAddress(address)} until Ctrl+C.`);
    await ended;
    server.closeAllConnections();
    server.close();
    return 0;
  } finally {
    await jobs.close();
  }
}

/** From the folder it is called in. */
function loadBoard(): Board {
  const load = createRequire(join(process.cwd(), "package.json"));
  try {
    const { createBullBoard } = load("@bull-board/api") as Pick<Board, "createBullBoard">;
    const { BullMQAdapter } = load("@bull-board/api/bullMQAdapter") as Pick<Board, "BullMQAdapter">;
    const { ExpressAdapter } = load("@bull-board/express") as Pick<Board, "ExpressAdapter">;
    return { createBullBoard, BullMQAdapter, ExpressAdapter, express: load("express") as Board["express"] };
  } catch (error) {
    if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    throw new UserError(
      `The board is not installed here: run npm install --no-save ${PACKAGES} in this folder, then the command again.`,
    );
  }
}

function listening(server: Server): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("listening", () => resolve(server));
    server.once("error", (error: Error & { code?: string }) =>
      reject(
        error.code === "EADDRINUSE"
          ? new UserError("The port is in use: choose another one with --port.")
          : error,
      ),
    );
  });
}
