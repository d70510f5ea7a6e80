import type { DrainSettings } from "./drain.ts";

/** As the paper recommends where nothing is known of the messages: two layers of tokens, which its authors' code calls depth 5. */
export const plainDrain: DrainSettings = { depth: 5, similarity: 0.4, preprocessing: [] };

const ip = /(\d+\.){3}\d+/g;
const names = /([\w-]+\.){2,}[\w-]+/g;

/** What the authors of LogHub (logpai/logparser) publish for each system, found by trying on the very same messages. */
const tuned: Record<string, readonly [similarity: number, depth: number, ...preprocessing: RegExp[]]> = {
  HDFS: [0.5, 4, /blk_-?\d+/g, /(\d+\.){3}\d+(:\d+)?/g],
  Hadoop: [0.5, 4, ip],
  Spark: [0.5, 4, ip, /\b[KGTM]?B\b/g, names],
  Zookeeper: [0.5, 4, /(\/|)(\d+\.){3}\d+(:\d+)?/g],
  BGL: [0.5, 4, /core\.\d+/g],
  HPC: [0.5, 4, /=\d+/g],
  Thunderbird: [0.5, 4, ip],
  Windows: [0.7, 5, /0x.*?\s/g],
  Linux: [0.39, 6, ip, /\d{2}:\d{2}:\d{2}/g],
  Android: [0.2, 6, /(\/[\w-]+)+/g, names, /\b(-?\+?\d+)\b|\b0[Xx][a-fA-F\d]+\b|\b[a-fA-F\d]{4,}\b/g],
  HealthApp: [0.2, 4],
  Apache: [0.5, 4, ip],
  Proxifier: [0.6, 3, /<\d+\ssec/g, /([\w-]+\.)+[\w-]+(:\d+)?/g, /\d{2}:\d{2}(:\d{2})*/g, /[KGTM]B/g],
  OpenSSH: [0.6, 5, ip, names],
  OpenStack: [0.5, 5, /((\d+\.){3}\d+,?)+/g, /\/.+?\s/g, /\d+/g],
  Mac: [0.7, 6, names],
};

/** The published settings of a system; null for another one. */
export function tunedDrain(system: string): DrainSettings | null {
  const settings = tuned[system];
  if (settings === undefined) return null;
  const [similarity, depth, ...preprocessing] = settings;
  return { similarity, depth, preprocessing };
}
