/** A sentence for the user: what is wrong and what to do. Anything else that is thrown is a bug and is logged with its stack. */
export class UserError extends Error {
  override readonly name = "UserError";
}
