/** A sentence for the user: what is wrong and what to do. Anything else that is thrown is a bug and is logged with its stack. */
export class UserError extends Error {
  override readonly name = "UserError";

  /** By name: bundles that are loaded on demand have a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Error[Symbol.hasInstance](value) && (value as Error).name === "UserError";
  }
}
