import { existsSync } from "node:fs";
import { join } from "node:path";
import { folderPath } from "../model/folderPath.ts";
import type { HostRequest } from "../model/hostProtocol.ts";
import { setupFileNames } from "../model/setupFile.ts";
import { UserError } from "../model/userError.ts";
import { makeAgent } from "./construct.ts";
import type { Found } from "./findAgent.ts";
import { loadModule } from "./loadModule.ts";
import { readableError } from "./readableError.ts";

type Place = Pick<HostRequest, "root" | "name" | "setupFile">;
type Request = Place & Pick<HostRequest, "args">;
type Factory = () => unknown;

/** The agent that a request is for: by its factory in the setup file, unless constructor arguments are given. */
export async function agentOf(found: Found, request: Request, name: string): Promise<object> {
  const factory = request.args.length === 0 ? await factoryFor(request) : null;
  if (factory === null) return await makeAgent(found, request.args, name);
  return await factory();
}

/** Null where there is no setup file, or no factory for this agent in it. */
export async function factoryFor({ root, name, setupFile }: Place): Promise<(() => Promise<object>) | null> {
  const file = setupFile ?? setupFileNames.map((each) => join(root, each)).find((path) => existsSync(path));
  if (file === undefined) return null;
  const shown = folderPath(root, file);
  if (!existsSync(file))
    throw new UserError(`There is no setup file ${shown}: correct the setting opsviAgents.setupFile.`);
  const factories = await loadModule(file).then(defaultOf, (error: unknown) => {
    throw new UserError(`The setup file ${shown} cannot be loaded: ${readableError(error).message}`);
  });
  if (typeof factories !== "object" || factories === null) {
    throw new UserError(
      `The setup file ${shown} must export factories by class name, as in "export default { ${name}: () => new ${name}(…) }".`,
    );
  }
  if (!Object.hasOwn(factories, name)) return null;
  const factory = (factories as Record<string, unknown>)[name];
  if (typeof factory !== "function")
    throw new UserError(
      `${name} in the setup file ${shown} is no function: write "${name}: () => new ${name}(…)".`,
    );
  return () => madeBy(factory as Factory, name, shown);
}

async function madeBy(factory: Factory, name: string, shown: string): Promise<object> {
  let agent: unknown;
  try {
    agent = await factory();
  } catch (error) {
    throw new UserError(`${name} in the setup file ${shown} failed: ${readableError(error).message}`);
  }
  if (typeof agent === "object" && agent !== null) return agent;
  const what = agent === null ? "null" : typeof agent;
  throw new UserError(`${name} in the setup file ${shown} made ${what}, which is no agent.`);
}

const defaultOf = (module: unknown): unknown =>
  typeof module === "object" && module !== null && "default" in module ? module.default : module;
