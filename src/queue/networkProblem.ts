import type { Problem } from "./reach.ts";

const AWAY = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  ...["EHOSTDOWN", "ENETDOWN", "EAI_AGAIN", "ENOENT"],
]);

/** What an error below the server's own answers means; null where it is none of these. */
export function networkProblem(error: unknown, hasBeenReached: boolean): Problem | null {
  if (!(error instanceof Error)) return null;
  const { code } = error as NodeJS.ErrnoException;
  const reason = reasonOf(error);
  // A name that was known is back when its server is: in networks of containers both come and go together.
  if (code === "ENOTFOUND") return { kind: hasBeenReached ? "away" : "refused", reason };
  if (code !== undefined && AWAY.has(code)) return { kind: "away", reason };
  if (/\b(SSL|TLS|certificate)\b/i.test(`${error.message} ${code?.replaceAll("_", " ") ?? ""}`))
    return { kind: "refused", reason };
  return null;
}

/** What is wrong, as the end of a sentence. */
export function reasonOf(error: unknown): string {
  // Where a name has several addresses, what went wrong with each is inside.
  const first: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const text = first instanceof Error ? first.message || first.name : String(first);
  return text.trim().replace(/\.$/, "").replaceAll(/\s+/g, " ");
}
