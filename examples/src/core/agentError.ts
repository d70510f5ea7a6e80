/** Thrown by agents; not an agent. */
export class AgentError extends Error {
  override readonly name = "AgentError";

  constructor(
    message: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
