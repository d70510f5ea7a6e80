import { join } from "node:path";
import { callInit } from "../runtime/core/adapter/lifecycle.ts";
import { mappingFor } from "../runtime/core/adapter/mapping.ts";
import { callTask } from "../runtime/core/adapter/taskCall.ts";
import { taskMethod } from "../runtime/core/adapter/taskMethod.ts";
import { systemClock } from "../runtime/core/clock.ts";
import { nothingShared } from "../runtime/core/sharedValues.ts";
import { runAsync, settle } from "../runtime/core/steps.ts";
import { AgentUsageError, type BaseAgent, type ExecutionContext } from "../runtime/index.ts";
import type { Outcome, SideRequest } from "../model/hostProtocol.ts";
import type { ParitySide } from "../model/parity.ts";
import { UserError } from "../model/userError.ts";
import { adapterMapping } from "./adapterMapping.ts";
import { makeAgent } from "./construct.ts";
import { findAgent, type Found } from "./findAgent.ts";
import { loadAdapter } from "./loadAdapter.ts";
import { loadModule } from "./loadModule.ts";
import { pictureOf, stateOf, unseenOf } from "./picture.ts";
import { readableError } from "./readableError.ts";
import { factoryFor } from "./setupFile.ts";

/** One of the two that are compared. */
interface Subject {
  /** The object whose state counts. */
  legacy: object;
  /** Initialises, calls `ready`, and executes; throws what the agent's own code throws. */
  execute(task: unknown, ready: () => void): Promise<unknown>;
}

/** Executes one side of a comparison and tells what was seen; records nothing. Throws what loading throws. */
export async function observe(request: SideRequest, signal: AbortSignal): Promise<Outcome> {
  const make = request.side === "legacy" ? await legacyMaker(request, signal) : await adapterMaker(request);
  const startedAt = performance.now();
  const side = await watch(request, make);
  const durationMs = Math.round(performance.now() - startedAt);
  return {
    ...{ status: "success", checkpointId: null, attempts: 1, warnings: [], durationMs },
    output: { ...side, durationMs },
  };
}

type Watched = Omit<ParitySide, "durationMs">;

async function watch({ task }: SideRequest, make: () => Promise<Subject>): Promise<Watched> {
  let subject: Subject;
  try {
    subject = await make();
  } catch (error) {
    if (error instanceof UserError) throw error;
    return { end: "threw", error: pictureOf(error), unseen: [] };
  }
  const { legacy } = subject;
  let before: unknown;
  const ready = () => void (before ??= stateOf(legacy));
  const ended = await subject.execute(task, ready).then(
    (value) => ({ end: "returned", value: pictureOf(value) }) as const,
    (error: unknown) => {
      if (error instanceof UserError) throw error;
      return { end: "threw", error: pictureOf(error) } as const;
    },
  );
  // What fails to initialise is never ready.
  ready();
  return { ...ended, task: pictureOf(task), before, after: stateOf(legacy), unseen: unseenOf(legacy) };
}

/** The class as its callers use it: the method, its arguments and what it returns are found as an adapter finds them. */
async function legacyMaker(request: SideRequest, signal: AbortSignal): Promise<() => Promise<Subject>> {
  const { root, file, name, args, adapter } = request;
  const found = await loadModule(file).then((module) => classIn(module, request), cannotLoad(name));
  const mapping = adapterMapping(join(root, ".proj-intel"));
  const factory = await setUpSide(request);
  return async () => {
    const legacy = await (factory?.() ?? makeAgent(found, args, name));
    const mapped = mappingFor(legacy, mapping);
    const settings = { ...mapped, ...(adapter.method !== null && { method: adapter.method }) };
    const settled = (value: unknown) =>
      runAsync(settle(value, `agent "${name}"`), { clock: systemClock, signal });
    return {
      legacy,
      execute: async (task, ready) => {
        await settled(callInit(legacy, settings.init));
        ready();
        const method = settings.method ?? taskMethod(legacy);
        try {
          return await settled(callTask(legacy, method, settings, task, contextOf(signal)));
        } catch (error) {
          throw error instanceof AgentUsageError ? new UserError(error.message) : error;
        }
      },
    };
  };
}

/**
 * Makes one side, where the setup file has a factory for each of the two. Where it has one alone, both are constructed:
 * what a factory does besides would look like a difference.
 */
async function setUpSide(request: SideRequest): Promise<(() => Promise<object>) | null> {
  const { args, adapter, side } = request;
  // The setup file cannot import what is not written yet.
  if (args.length > 0 || adapter.planned.length > 0) return null;
  const legacy = await factoryFor(request);
  const wrapped = legacy && (await factoryFor({ ...request, name: adapter.name }));
  return wrapped && (side === "legacy" ? legacy : wrapped);
}

async function adapterMaker(request: SideRequest): Promise<() => Promise<Subject>> {
  const { root, args, adapter } = request;
  const found = classIn(await loadAdapter(adapter), { root, file: adapter.file, name: adapter.name });
  const factory = await setUpSide(request);
  return async () => {
    const made = await (factory?.() ?? makeAgent(found, args, adapter.name));
    const agent = made as BaseAgent & { legacy?: object };
    return {
      // A class that became an agent itself has its state itself.
      legacy: agent.legacy ?? agent,
      execute: async (task, ready) => {
        const onState = (state: string) => {
          if (state === "busy") ready();
        };
        const result = await agent.executeAsync(task, { observers: [{ onState }] });
        if (result.status === "success") return result.value;
        throw result.cause;
      },
    };
  };
}

function classIn(module: unknown, request: Pick<SideRequest, "root" | "file" | "name">): Found {
  const found = findAgent(module, request);
  if (found.kind === "class") return found;
  throw new UserError(`${request.name} is no class: only classes have an adapter to compare with.`);
}

/** A class that cannot be loaded has no behaviour to compare. */
function cannotLoad(name: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name} cannot be loaded: ${readableError(error).message}`);
  };
}

/** For mappings that hand on the context: without an adapter nobody listens. */
function contextOf(signal: AbortSignal): ExecutionContext {
  const nobody = () => {
    throw new AgentUsageError("Nobody answers and no tools are shared while an agent is compared.");
  };
  return {
    ...{ signal, attempt: 1, runId: null, shared: nothingShared },
    ...{ checkpoint: () => null, progress: () => undefined, usage: () => undefined },
    ...{ ask: nobody, askSync: nobody, tool: nobody, toolAsync: nobody },
  };
}
