import { hideSecrets } from "../../runtime/checkpoint/knownSecrets.ts";
import { isSecretKey } from "../../runtime/checkpoint/redact.ts";
import type { FindSurroundings } from "../../runs/runSurroundings.ts";

/** Folders of shells, and no passwords. */
const FOLDERS = new Set(["PWD", "OLDPWD"]);
/** What is shorter stands in too many texts that have nothing to do with it. */
const SHORTEST = 8;

/** What this process has among its own variables, where workers in containers have their keys, is kept secret as that of a file is. */
export function withInheritedSecrets(find: FindSurroundings): FindSurroundings {
  const inherited = Object.entries(process.env).flatMap(([name, value = ""]) =>
    isSecretKey(name) && !FOLDERS.has(name) && value.length >= SHORTEST ? [[name, value] as const] : [],
  );
  hideSecrets(inherited.map(([, value]) => value));
  const names = inherited.map(([name]) => name);
  return async (root) => {
    const { env, secrets, ...around } = await find(root);
    return {
      ...around,
      env: { ...Object.fromEntries(inherited), ...env },
      secrets: [...new Set([...names, ...secrets])],
    };
  };
}
