import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";

/**
 * The same for all processes that see the very same folder, under whatever path, also from containers of one machine; another one for
 * others. Nothing can be read from it. Null where the folder cannot be asked.
 */
export async function folderPlace(folder: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    const place = [await machine(), String(dev), String(ino)].join("\n");
    return createHash("sha256").update(place).digest("hex").slice(0, 16);
  } catch {
    return null;
  }
}

let known: string | null = null;

/** It stays the same as long as this process lives. */
async function machine(): Promise<string> {
  if (process.platform !== "linux") return hostname();
  return (known ??= (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim());
}
