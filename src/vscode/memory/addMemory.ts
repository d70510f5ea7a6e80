import * as vscode from "vscode";
import { counted } from "../../model/counted.ts";
import { decode } from "../../runtime/checkpoint/codec.ts";
import { AgentUsageError } from "../../runtime/index.ts";
import { checkName } from "../../runtime/memory/names.ts";
import { askJson } from "../run/askTask.ts";
import { parseJson } from "../run/jsonInput.ts";
import { memoryStore } from "./readMemory.ts";

/** Where a value goes; what is missing is asked for. */
interface Place {
  folder: vscode.WorkspaceFolder;
  agent?: string;
  namespace?: string;
}

interface Added {
  sentence: string;
  undo: () => void;
}

/** Stores a value as the agent would, under a key that it does not have. Undefined when the user pressed Escape. */
export async function addMemory({ folder, ...given }: Place): Promise<Added | undefined> {
  const agent =
    given.agent ?? (await askName("An agent's name", "Which agent remembers it", "", () => false));
  if (agent === undefined) return undefined;
  const memory = memoryStore(folder.uri.fsPath).of(agent);
  const namespace =
    given.namespace ??
    (await askName("A namespace", `The namespace in the memory of ${agent}`, "default", () => false));
  if (namespace === undefined) return undefined;
  const key = await askName("A key", `The key in namespace "${namespace}" of ${agent}`, "", (name) =>
    memory.has(name, { namespace })
      ? `${agent} remembers "${name}" already: open it in the Memory view to change it.`
      : false,
  );
  if (key === undefined) return undefined;
  const value = await askJson({
    title: `${agent}: value of ${key}`,
    prompt: 'The value as JSON, a text as "…"',
    placeHolder: '{"city": "Bern"}',
    value: "",
    parse: parseJson,
  });
  if (value === undefined) return undefined;
  const { redactions, writtenAt } = memory.set(key, decode(value.value), { namespace });
  const left =
    redactions === 0 ? "" : ` ${counted(redactions, "value")} that looked like a secret became "[redacted]".`;
  const undo = (): void => {
    // What the agent has written there since is its own.
    if (memory.entry(key, { namespace })?.writtenAt === writtenAt) memory.delete(key, { namespace });
  };
  return { sentence: `${agent} remembers "${key}".${left}`, undo };
}

/** @param refuse answers with a sentence for a name that cannot be taken */
async function askName(
  what: string,
  prompt: string,
  value: string,
  refuse: (name: string) => string | false,
): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    ...{ title: "Add to Memory", prompt, value, ignoreFocusOut: true },
    validateInput: (name) => {
      try {
        checkName(what, name);
        return refuse(name) || undefined;
      } catch (error) {
        if (error instanceof AgentUsageError) return error.message;
        throw error;
      }
    },
  });
}
