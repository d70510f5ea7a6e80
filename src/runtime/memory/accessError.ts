/** What a grant allows: "write" allows reading too. */
export type MemoryAccess = "read" | "write";

/** An agent used memory or context that is not its own and that no grant allows. Never retried. */
export class MemoryAccessError extends Error {
  /** Says what kind of error it is, also across copies of this library. */
  override readonly name = "PermissionError";
  /** The agent that was refused. */
  readonly agent: string;
  /** What it would have needed. */
  readonly access: MemoryAccess;
  /** The key, or null where it was about all of them. */
  readonly key: string | null;

  /** `message` says which grant would allow it. */
  constructor(message: string, refused: { agent: string; access: MemoryAccess; key: string | null }) {
    super(message);
    this.agent = refused.agent;
    this.access = refused.access;
    this.key = refused.key;
  }
}
