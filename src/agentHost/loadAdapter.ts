import { extname, join } from "node:path";
import type { AdapterSource } from "../model/parity.ts";
import { createLoader, loadModule } from "./loadModule.ts";

/** The runtime that migrations put into projects, as it stands beside the host's bundle. */
const ownRuntime = join(__dirname, "core", "core.cjs");

/** Loads the module of an adapter: from the disk, or as a migration that is not applied yet would leave it. */
export async function loadAdapter({ file, planned, runtime }: AdapterSource): Promise<unknown> {
  const [own, ...others] = planned;
  if (own === undefined) return await loadModule(file);
  const onDisk = createLoader(file);
  const missing = runtime.filter((specifier) => onDisk.esmResolve(specifier, { try: true }) === undefined);
  const loader = createLoader(file, Object.fromEntries(missing.map((name) => [name, ownRuntime])));
  // Without, what Node understands by itself is read from the disk after all.
  const options = { async: true, forceTranspile: true };
  let module: unknown;
  for (const { path, text } of [...others, own])
    module = await loader.evalModule(text, { ...options, filename: path, ext: extname(path) });
  return module;
}
