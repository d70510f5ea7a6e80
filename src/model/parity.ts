import * as z from "zod";

/** One task that is given to a class and to its adapter, with the constructor's arguments. */
export const ParityTask = z.object({ task: z.unknown(), args: z.array(z.unknown()) });
export type ParityTask = z.infer<typeof ParityTask>;

/** Where the adapter of a class is found. */
export const AdapterSource = z.object({
  /** The adapter class. */
  name: z.string(),
  /** Absolute path of the module that holds it. */
  file: z.string(),
  /** Modules as a migration would leave them, where it is not applied yet; that of the adapter comes first. */
  planned: z.array(z.object({ path: z.string(), text: z.string() })),
  /** What those import the runtime from: where nothing is there yet, the host's own stands for it. */
  runtime: z.array(z.string()),
  /** The method that takes tasks, where the adapter names one. */
  method: z.string().nullable(),
});
export type AdapterSource = z.infer<typeof AdapterSource>;

/**
 * What was seen of one execution. Values are pictures: JSON that also shows maps, dates and classes, without secrets;
 * what does not apply is left out.
 */
export const ParitySide = z.object({
  /** "stopped": by a limit, or it exited, crashed or never ended; but for the error nothing is known of it. */
  end: z.enum(["returned", "threw", "stopped"]),
  value: z.unknown().optional(),
  error: z.unknown().optional(),
  /** The task afterwards: agents may change it. */
  task: z.unknown().optional(),
  /** The own fields of the legacy object, after its initialisation and after the task. */
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  /** What of its state cannot be seen from outside. */
  unseen: z.array(z.string()),
  durationMs: z.number(),
});
export type ParitySide = z.infer<typeof ParitySide>;

/** How often a class and its adapter are executed for one task, at most. */
export const EXECUTIONS = 3;

/** One task through both. */
export interface ParityRun extends ParityTask {
  legacy: ParitySide;
  /** The class once more, where the two differ: what it does differently each time is no difference. */
  again: ParitySide | null;
  adapter: ParitySide;
}

/** Why two values may differ: the class itself does so each time; an adapter takes back what a failed execution changed. */
export type Excuse = "varies by itself" | "rolled back";

export interface ParityDifference {
  /** For example `value.items.0.price`. */
  path: string;
  /** Left out where there is nothing. */
  legacy?: unknown;
  adapter?: unknown;
  /** Null for a real difference. */
  excuse: Excuse | null;
}

export interface ParityResult extends ParityTask {
  legacy: ParitySide;
  adapter: ParitySide;
  /** In the order of their paths. */
  differences: ParityDifference[];
  /** Without a real difference. */
  same: boolean;
}

export interface ParityReport {
  /** Relative to the workspace folder, forward slashes. */
  file_path: string;
  name: string;
  adapter: string;
  tasks: ParityResult[];
  same: boolean;
}
