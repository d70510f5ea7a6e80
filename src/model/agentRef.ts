import { UserError } from "./userError.ts";

/** Names one agent class: `file#name`, the name "default" for an anonymous default export. */
export interface AgentRef {
  file: string;
  name: string;
}

export function parseAgentRef(text: string): AgentRef {
  const hash = text.lastIndexOf("#");
  if (hash <= 0 || hash === text.length - 1) {
    throw new UserError(
      `"${text}" does not name an agent class: write FILE#Class, for example src/research.ts#ResearchAgent.`,
    );
  }
  return { file: text.slice(0, hash), name: text.slice(hash + 1) };
}

export function formatAgentRef(ref: AgentRef): string {
  return `${ref.file}#${ref.name}`;
}

/** The name that runs and their checkpoints carry: an anonymous default export is known by its file. */
export function runName({ file, name }: AgentRef): string {
  if (name !== "default") return name;
  return file.slice(file.search(/[^\\/]*$/)).replace(/\.[^.]+$/, "");
}
