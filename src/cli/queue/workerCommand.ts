import { randomUUID } from "node:crypto";
import { availableParallelism, hostname } from "node:os";
import { resolve } from "node:path";
import { version } from "../../../package.json";
import type { AgentLimits } from "../../model/agentLimits.ts";
import { formatAgentRef, parseAgentRef } from "../../model/agentRef.ts";
import type { RetentionPolicy } from "../../model/checkpoints.ts";
import { counted } from "../../model/counted.ts";
import { LimitedAgents } from "../../model/limitedAgents.ts";
import { wildcard } from "../../model/wildcard.ts";
import { shownAddress } from "../../queue/address.ts";
import { KnownAgents } from "../../queue/worker/knownAgents.ts";
import { QueueWorker } from "../../queue/worker/queueWorker.ts";
import { CodeVersions } from "../../runs/codeVersions.ts";
import { LocalEngine } from "../../runs/local/localEngine.ts";
import { bundles } from "../bundles.ts";
import { surroundings } from "../environment.ts";
import { onInterrupt } from "../interrupt.ts";
import { openIndexer } from "../openIndexer.ts";
import type { Output } from "../output.ts";
import { withInheritedSecrets } from "./inheritedSecrets.ts";
import { addressOf, openQueue, type QueueOptions } from "./options.ts";
import { workspaceFolder } from "../workspace.ts";

export interface WorkerOptions extends QueueOptions {
  queue: string;
  workspace?: string;
  concurrency?: number;
  agents?: string;
  anyCode?: true;
  agentLimit?: AgentLimits;
  env?: string;
  retention?: RetentionPolicy;
}

/** What was told of the end is with whoever reads it by then. */
const LINGERS_MS = 2_000;

/** Takes runs from a queue until it is told to end; those at work end first. */
export async function workerCommand(options: WorkerOptions, output: Output): Promise<number> {
  const root = workspaceFolder(options.workspace);
  const address = addressOf(options.queue, options.queueName);
  const { concurrency = availableParallelism() } = options;
  const found = withInheritedSecrets(surroundings(options));
  const agents = await knownAgents(root, options, output);
  const queue = await openQueue(address, output);
  const engine = new LocalEngine({ hostFile: bundles.host, nodePath: process.execPath });
  const id = `${hostname()}-${randomUUID().slice(0, 8)}`;
  const worker = new QueueWorker(queue, engine, {
    ...{ root, id, host: hostname(), version, concurrency, agents },
    limited: new LimitedAgents(options.agentLimit ?? {}),
    surroundings: found,
    onNote: (sentence) => output.note(sentence),
  });
  const ended = new Promise<void>((end) => {
    onInterrupt(end, "Taking no further run, and waiting for those at work.", output);
  });
  try {
    await worker.start();
    output.note(
      `Worker ${id} takes runs of ${counted(agents.size, "agent")} of ${root} from ${shownAddress(address)}, ${concurrency} at a time.`,
    );
    await ended;
    return 0;
  } finally {
    await worker.drain();
    // Where its server is gone, BullMQ goes on looking for it.
    setTimeout(() => process.exit(), LINGERS_MS).unref();
  }
}

async function knownAgents(root: string, options: WorkerOptions, output: Output): Promise<KnownAgents> {
  const versions = new CodeVersions();
  const index = async () => {
    const indexer = await openIndexer(root, output);
    try {
      const { agents } = await indexer.index(root);
      return agents.map(({ file_path, name }) => formatAgentRef({ file: file_path, name }));
    } finally {
      await indexer.dispose();
    }
  };
  return KnownAgents.open({
    index,
    ...(options.agents !== undefined && { takes: named(options.agents) }),
    anyCode: options.anyCode,
    codeOf: (file_path) => versions.of(resolve(root, file_path)),
    onFault: (message) =>
      output.note(`The agents of ${root} could not be indexed again, those known so far stay: ${message}`),
  });
}

/** FILE#Class, a class name, or either with `*` for any characters. */
function named(pattern: string): (agent: string) => boolean {
  const matches = wildcard(pattern);
  return (agent) => matches.test(agent) || matches.test(parseAgentRef(agent).name);
}
