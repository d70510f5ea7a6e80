import type { TypeCheckReport } from "../model/typeCheck.ts";

/** Called by the client in the check process. */
export interface CheckFunctions {
  /** @param root absolute path of the workspace folder; @param files absolute paths */
  check(root: string, files: readonly string[]): Promise<TypeCheckReport>;
}

/** Called by the check process in the client. */
export interface CheckEvents {
  /** So many of the projects are checked. */
  progress(done: number, total: number): void;
}
