import { TypeCheckClient } from "../typeCheck/client.ts";
import { bundles } from "./bundles.ts";

/** The compilers of a folder's projects, in a process of their own. Dispose it. */
export function openTypeChecker(root: string): TypeCheckClient {
  return new TypeCheckClient({
    root,
    processFile: bundles.typeCheck,
    node: { path: process.execPath, env: {} },
  });
}
