import { createHash } from "node:crypto";

/** What is before the last "/" of a file's name; "" where there is none. */
export const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf("/")));

/** Another one for other bytes. */
export const tagOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex").slice(0, 32);
