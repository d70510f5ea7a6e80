import type { LiveState } from "../model/hostProtocol.ts";
import { encode } from "../runtime/checkpoint/codec.ts";
import type { BaseAgent } from "../runtime/index.ts";

/** What a checkpoint of an agent would keep of its state now. Throws what the agent's own snapshot throws. */
export function liveStateOf(agent: BaseAgent): LiveState {
  // Any agent has it, also one of another copy of the runtime; it is for subclasses to write, not for others to call.
  const snapshot: unknown = (agent as unknown as { snapshot(): unknown }).snapshot();
  const { json, redactions } = encode(snapshot, "context");
  return { context: json, redactions };
}
