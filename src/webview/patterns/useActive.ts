import { useEffect, useState } from "preact/hooks";
import type { PatternList, PatternRow } from "../../model/patterns.ts";
import { idOf, type PatternView } from "./view.ts";

interface Given {
  list: PatternList | null;
  rowAt: (index: number) => PatternRow | undefined;
  view: PatternView;
  setView: (view: PatternView) => void;
}

/** Which row is the chosen one: where a list says that it stands, until the user goes to another row. */
export function useActive({ list, rowAt, view, setView }: Given): {
  active: number;
  setActive: (index: number) => void;
} {
  const [gone, setGone] = useState<{ to: number; version: number } | null>(null);
  const version = list?.version ?? null;
  const to = gone !== null && gone.version === version ? gone.to : null;
  const row = to === null ? undefined : rowAt(to);
  const id = row === undefined ? null : idOf(row);
  // A row far away is not here yet when the user goes there.
  useEffect(() => {
    if (row === undefined) return;
    const { folder, signature } = row;
    setView({ ...view, chosen: { folder, signature } });
  }, [version, to, id]);
  return {
    active: to ?? list?.at ?? -1,
    setActive: (index) => {
      if (version !== null) setGone({ to: index, version });
    },
  };
}
