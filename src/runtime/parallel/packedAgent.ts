import { deserialize, serialize } from "node:v8";
import { isPlainData } from "./plainData.ts";
import type { ThreadAgent } from "./threadProtocol.ts";

/** A {@link ThreadAgent} as bytes in a string, which is sent faster than the object and taken apart once a thread. */
export type PackedAgent = string;

const longest = 2 ** 16;

/** What to send: the agent itself where it is large, or holds more than plain data, such as shared memory. */
export function packAgent(agent: ThreadAgent): ThreadAgent | PackedAgent {
  if (!isPlainData(agent)) return agent;
  const packed = serialize(agent);
  return packed.length > longest ? agent : packed.toString("latin1");
}

const unpacked = new Map<PackedAgent, ThreadAgent>();

/** The agent that was packed. Its arguments are new each time, because agents may change them. */
export function unpackAgent(packed: ThreadAgent | PackedAgent): ThreadAgent {
  if (typeof packed !== "string") return packed;
  const known = unpacked.get(packed);
  if (known?.args.length === 0) return known;
  const agent = deserialize(Buffer.from(packed, "latin1")) as ThreadAgent;
  unpacked.set(packed, agent);
  return agent;
}
