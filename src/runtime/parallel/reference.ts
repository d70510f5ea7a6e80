import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { isAgent } from "../core/agent.ts";
import { copyData, isRecord } from "../core/clone.ts";
import { AgentUsageError } from "../core/errors.ts";
import { packAgent, type PackedAgent } from "./packedAgent.ts";
import type { ThreadAgent } from "./threadProtocol.ts";
import type { ModuleOptions, ModuleReference } from "./types.ts";

/** Whether a value is meant as a module reference. */
export const isReference = (value: unknown): value is ModuleReference =>
  typeof value === "object" && value !== null && !isAgent(value) && "module" in value;

/** Checks a reference and turns it into plain data; throws an {@link AgentUsageError} that says what is wrong with it. */
export function checkReference(reference: ModuleReference): ThreadAgent {
  const { args = [], reuse = false, options = {} } = reference;
  const module = moduleUrl(reference.module);
  if (!Array.isArray(args)) throw wrong(`"args" is an array of what the constructor takes`);
  if (typeof reuse !== "boolean") throw wrong(`"reuse" is true or false`);
  const texts: { export?: string; agentType?: string; name?: string } = {};
  for (const key of ["export", "agentType", "name"] as const) {
    const text: unknown = reference[key];
    if (text === undefined) continue;
    if (typeof text !== "string" || text === "") throw wrong(`"${key}" is a string that is not empty`);
    texts[key] = text;
  }
  return {
    module,
    args,
    ...texts,
    ...(reuse ? { reuse: identityOf(reference) } : {}),
    options: checkOptions(options),
  };
}

const sent = new WeakMap<ModuleReference, ThreadAgent | PackedAgent>();

/** {@link checkReference}, once for each reference, ready to be sent. */
export function referenceToSend(reference: ModuleReference): ThreadAgent | PackedAgent {
  const known = sent.get(reference);
  if (known !== undefined) return known;
  const packed = packAgent(checkReference(reference));
  sent.set(reference, packed);
  return packed;
}

/** What a reference is called where its agent has not told its name. */
export function labelOf({ name, export: exported, module }: ModuleReference): string {
  if (typeof name === "string" && name !== "") return name;
  if (typeof exported === "string" && exported !== "" && exported !== "default") return exported;
  if (typeof module !== "string") return "";
  const file = module.split(/[\\/]/).at(-1) ?? module;
  return file.replace(/[?#].*$/, "").replace(/\.[cm]?[jt]sx?$/, "");
}

const wish = `an absolute path, the text of a file: URL, or the name of a package`;

function moduleUrl(module: unknown): string {
  if (typeof module !== "string" || module === "") throw wrong(`"module" is ${wish}`);
  if (/^\.{0,2}[\\/]?$|^\.{1,2}[\\/]/.test(module)) {
    throw wrong(
      `"module" is relative (${module}), and nobody knows to what: give ${wish}, such as new URL("./agent.mjs", import.meta.url).href`,
    );
  }
  if (isAbsolute(module)) return pathToFileURL(module).href;
  if (module.startsWith("file:")) {
    if (URL.canParse(module)) return module;
    throw wrong(`"module" is not a URL: ${module}`);
  }
  if (/^[a-z][a-z\d+.-]*:/i.test(module)) throw wrong(`"module" is ${wish}, not ${module}`);
  return module;
}

function checkOptions(options: unknown): ModuleOptions {
  if (!isRecord(options)) throw wrong(`"options" is a record`);
  const { value, lost } = copyData(options as ModuleOptions);
  if (lost.length > 0) {
    throw wrong(
      `"options" is plain data, because it is sent to a thread, and ${lost.join(", ")} is not. Stores are given by their folder: {checkpoints: {folder}}`,
    );
  }
  for (const key of ["checkpoints", "errors"] as const) {
    const store: unknown = value[key];
    if (store === undefined) continue;
    const folder: unknown = isRecord(store) ? store.folder : undefined;
    if (typeof folder !== "string" || folder === "") throw wrong(`"options.${key}" is {folder: a path}`);
  }
  for (const key of ["retry", "adapter"] as const) {
    if (value[key] !== undefined && !isRecord(value[key])) throw wrong(`"options.${key}" is a record`);
  }
  return value;
}

const wrong = (message: string) => new AgentUsageError(`The module reference is not valid: ${message}.`);

const identities = new WeakMap<object, number>();
let identity = 0;

function identityOf(reference: object): number {
  const known = identities.get(reference);
  if (known !== undefined) return known;
  identity += 1;
  identities.set(reference, identity);
  return identity;
}
