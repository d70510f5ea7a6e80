import { UserError } from "../model/userError.ts";

/** Where a queue is: a server, and a name there. */
export interface QueueAddress {
  kind: "redis" | "postgres";
  /** With what is needed to log in: it is told to nobody. */
  url: string;
  /** Several queues on one server are told apart by it. */
  name: string;
}

const KINDS: Record<string, QueueAddress["kind"]> = {
  "redis:": "redis",
  "rediss:": "redis",
  "postgres:": "postgres",
  "postgresql:": "postgres",
};
const NAME = /^[a-z][a-z0-9_-]{0,39}$/;

export const USUAL_QUEUE = "opsvi-agents";

/** Throws a UserError where it is no address, which tells no password. */
export function queueAddress(url: string, name = USUAL_QUEUE): QueueAddress {
  if (!NAME.test(name))
    throw new UserError(
      `"${name}" is no name of a queue: it takes up to 40 small letters, digits, "-" and "_", a letter first.`,
    );
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const kind = parsed === null ? undefined : KINDS[parsed.protocol];
  if (parsed === null || kind === undefined)
    throw new UserError(
      "The address of a queue is redis://HOST:PORT, rediss://… (TLS) or postgres://USER@HOST/DATABASE.",
    );
  return { kind, url, name };
}

/** Whether it tells a password, to whoever sees it: also as an option, which the libraries of servers take. */
export function tellsPassword(url: string): boolean {
  const { password, searchParams } = new URL(url);
  return password !== "" || [...searchParams.keys()].some((key) => /password$/i.test(key));
}

/** The address without user and password, for people. */
export function shownAddress({ url, name }: QueueAddress): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname} (${name})`;
}
