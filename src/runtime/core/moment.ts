import { copyAround } from "./clone.ts";
import { keepAdded } from "./rollback.ts";

/** An agent's state at one moment. */
export interface Moment {
  /** What a checkpoint keeps, as far as its store can. */
  context: unknown;
  /** What a checkpoint does not keep of the state, besides what its store names, for example `private fields`. */
  unkept: readonly string[];
  /** Returns the agent to this moment; may be called more than once. */
  undo(): void;
  /** Why rolling back is incomplete, also what `undo` found; empty where it is not. */
  warnings: string[];
}

/** A state that goes through a snapshot: a copy, in which stands as it is what cannot be copied. */
export interface CopiedState {
  value: unknown;
  /** The paths of what stands there as it is. */
  lost: string[];
  /** Gives the state back; adds to `stayed` what came since and stays, because it is no data. */
  undo: (stayed: string[]) => void;
}

/** Copies the state that `take` gives now, to be given back by `give`. */
export function copiedState(take: () => unknown, give: (snapshot: unknown) => void): CopiedState {
  const { value, lost, left } = copyAround(take());
  return {
    value,
    lost,
    undo: (stayed) => {
      const back = copyAround(value).value;
      stayed.push(...keepAdded(back, take(), new Set(left)));
      give(back);
    },
  };
}

/** The moment of an agent whose state goes through a snapshot. */
export function copiedMoment(take: () => unknown, give: (snapshot: unknown) => void): Moment {
  const { value, lost, undo } = copiedState(take, give);
  return momentOf(value, [], lost, undo, (path) => `Rolling back leaves ${path.trimStart()} as it is.`);
}

/** A moment whose warnings say of each path that it stays. */
export function momentOf(
  context: unknown,
  unkept: readonly string[],
  lost: readonly string[],
  undo: (stayed: string[]) => void,
  warning: (path: string) => string,
): Moment {
  const warnings = lost.map(warning);
  return {
    context,
    unkept,
    undo: () => {
      const stayed: string[] = [];
      try {
        undo(stayed);
      } finally {
        warnings.push(...stayed.map(warning));
      }
    },
    warnings,
  };
}
