import { join } from "node:path";
import type { Command } from "commander";
import { UserError } from "../../model/userError.ts";
import { counted } from "../../model/counted.ts";
import { encode } from "../../runtime/checkpoint/codec.ts";
import { AgentUsageError, MemoryStore, StoreError } from "../../runtime/index.ts";
import type { Output } from "../output.ts";
import { table } from "../table.ts";
import { FOLDER_ARGUMENT, workspaceFolder, workspaceOption } from "../workspace.ts";

interface MemoryOptions {
  namespace?: string;
  json?: true;
  workspace?: string;
}

const NAMESPACE = ["--namespace <name>", 'the namespace (default: "default")'] as const;

/** `memory list | get | forget` */
export function addMemoryCommands(program: Command, output: Output, done: (exitCode: number) => void): void {
  const act = (command: (store: MemoryStore) => number, dir: string | undefined) => {
    const folder = join(workspaceFolder(dir), ".proj-intel", "memory");
    try {
      done(command(new MemoryStore({ folder, onWarning: (sentence) => output.note(sentence) })));
    } catch (error) {
      const theirs = error instanceof StoreError || error instanceof AgentUsageError;
      throw theirs ? new UserError(error.message) : error;
    }
  };
  const memory = program.command("memory").description("what the agents of a workspace folder remember");
  memory
    .command("list")
    .description("the keys by agent and namespace, and who else was granted what")
    .argument(...FOLDER_ARGUMENT)
    .option("--json", "one JSON object a value and line")
    .action((dir: string | undefined, options: MemoryOptions) =>
      act((store) => list(store, options, output), dir),
    );
  memory
    .command("get")
    .description("a value as JSON")
    .argument("<agent>", "the name of the agent")
    .argument("<key>")
    .option(...NAMESPACE)
    .option(...workspaceOption())
    .action((agent: string, key: string, { namespace, workspace }: MemoryOptions) =>
      act((store) => {
        const entry = store.of(agent).entry(key, { namespace });
        if (entry === null)
          throw new UserError(
            `Agent "${agent}" remembers no "${key}" there: memory list tells what it does.`,
          );
        output.line(JSON.stringify(encode(entry.value).json, null, 2));
        return 0;
      }, workspace),
    );
  memory
    .command("forget")
    .description("forget values, or all of a namespace")
    .argument("<agent>", "the name of the agent")
    .argument("[keys...]")
    .option("--all", "every value of the namespace")
    .option(...NAMESPACE)
    .option(...workspaceOption())
    .action((agent: string, keys: string[], options: MemoryOptions & { all?: true }) =>
      act((store) => forget(store, agent, keys, options, output), options.workspace),
    );
}

function list(store: MemoryStore, { json }: MemoryOptions, output: Output): number {
  const entries = store.agents().flatMap((agent) => {
    const own = store.of(agent);
    return own
      .namespaces()
      .flatMap((namespace) => own.entries({ namespace }).map((entry) => ({ agent, ...entry })));
  });
  const grants = store.grants();
  if (entries.length === 0 && grants.length === 0) output.note("No agent remembers anything here.");
  const shown = entries.map((entry) => ({ ...entry, value: encode(entry.value).json }));
  if (json) {
    for (const entry of shown) output.json(entry);
    return 0;
  }
  for (const line of table(
    shown.map(({ agent, namespace, key, value }) => [
      agent,
      namespace,
      key,
      JSON.stringify(value).slice(0, 100),
    ]),
  ))
    output.line(line);
  for (const { from, to, namespace, key, keyPrefix, access } of grants)
    output.line(
      `grant  ${to} may ${access} ${key ?? `${keyPrefix ?? ""}*`} of ${from}, namespace ${namespace}`,
    );
  return 0;
}

function forget(
  store: MemoryStore,
  agent: string,
  keys: string[],
  { all, namespace }: MemoryOptions & { all?: true },
  output: Output,
): number {
  if (keys.length > 0 === (all === true))
    throw new UserError("Name the keys to forget, or give --all for every value of the namespace.");
  const own = store.of(agent);
  const unknown = keys.find((key) => !own.keys({ namespace }).includes(key));
  if (unknown !== undefined)
    throw new UserError(`Agent "${agent}" remembers no "${unknown}" there: memory list tells what it does.`);
  const forgotten = all
    ? own.clear({ namespace })
    : keys.filter((key) => own.delete(key, { namespace })).length;
  output.note(`${counted(forgotten, "value")} forgotten.`);
  return 0;
}
