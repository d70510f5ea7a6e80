/** What a project's own compiler says of it, before and after a migration. */
export interface TypeCheckReport {
  projects: CheckedProject[];
  /** Relative paths of the files asked for that belong to no project: nothing is known of them. */
  unchecked: string[];
}

export interface CheckedProject {
  /** The configuration, relative to the workspace folder. */
  config: string;
  compiler: Compiler;
  problems: TypeProblem[];
  durationMs: number;
}

export interface Compiler {
  version: string;
  /** The project's own, or the one that comes with opsvi-agents because the project has none installed. */
  origin: "project" | "opsvi-agents";
}

export interface TypeProblem {
  /** Relative to the workspace folder, forward slashes; null where it is about the project as a whole. */
  path: string | null;
  /** From 1; 0 where `path` is null. */
  line: number;
  character: number;
  code: number;
  message: string;
}

/** Asks the compilers of the projects that the given files belong to. Absolute paths. */
export interface TypeChecker {
  /** Rejects with the signal's reason as soon as it aborts. */
  check(files: readonly string[], signal?: AbortSignal): Promise<TypeCheckReport>;
}
