/** A sentence for the user about files: what is wrong and what to do. The system's error is the `cause`. */
export class StoreError extends Error {
  /** Names the class, also across copies of this library. */
  override readonly name = "StoreError";
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space",
  EDQUOT: "the disk quota is used up; free some space",
  EACCES: "access is denied; check the permissions of the folder",
  EPERM: "access is denied; check the permissions of the folder",
  EROFS: "the file system is read-only; choose a folder that can be written",
  EMFILE: "too many files are open; close some",
  ENOTDIR: "a file stands where a folder is needed; move it away",
  EEXIST: "a file stands where a folder is needed; move it away",
};

/** Words an error of the file system: `what` could not be done because … */
export function storeError(what: string, cause: unknown): StoreError {
  const { code, message } = cause as { code?: string; message?: string };
  const reason = code === undefined ? undefined : reasons[code];
  return new StoreError(`${what}: ${reason ?? message ?? String(cause)}.`, { cause });
}

/** Takes one clear sentence about a file that was skipped. */
export type Warn = (message: string) => void;

/** The default: Node's own warnings, on standard error. */
export const emitWarning: Warn = (message) => process.emitWarning(message, "OpsviAgentsWarning");
