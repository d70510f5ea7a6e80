import { USUAL_QUEUE, type QueueAddress } from "../../queue/address.ts";

/**
 * What starts a worker of a queue in a terminal: of Windows for PowerShell, else for the shells of POSIX.
 * @param root the folder with the agents
 */
export function workerCommand(
  { url, name }: QueueAddress,
  root: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = name === USUAL_QUEUE ? [] : ["--queue-name", name];
  const words = ["opsvi-agents", "worker", "--queue", url, ...named, "--workspace", root];
  return words.map((word) => quoted(word, platform === "win32")).join(" ");
}

/** Nothing in single quotes means anything to a shell, whatever a folder is called. */
function quoted(word: string, isWindows: boolean): string {
  const isPlain = isWindows ? /^[\w@:/.+\\-]+$/ : /^[\w@:/.+-]+$/;
  if (isPlain.test(word)) return word;
  return `'${word.replaceAll("'", isWindows ? "''" : String.raw`'\''`)}'`;
}
