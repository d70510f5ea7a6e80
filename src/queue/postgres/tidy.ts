import { CLOSED_LASTS_MS, UNUSED_LASTS_MS, WRITES_LAST_MS } from "../keeping.ts";
import type { PostgresServer } from "./postgresServer.ts";

const EVERY_MS = 15 * 60_000;

/**
 * Removes logs and files whose time has come, now and again every quarter of an hour.
 * @returns ends it
 */
export function keepTidy(server: PostgresServer): () => void {
  const tidyUp = () => void tidy(server).catch(() => undefined);
  tidyUp();
  const timer = setInterval(tidyUp, EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Removes what is out of its time, unless another process is at it. */
export async function tidy(server: PostgresServer): Promise<void> {
  const times = [CLOSED_LASTS_MS, UNUSED_LASTS_MS, WRITES_LAST_MS];
  for (;;) {
    const [row] = await server.query<{ more: boolean }>(
      `SELECT ${server.schema}.tidy($1, $2, $3) AS more`,
      times,
    );
    if (row?.more !== true) return;
  }
}
