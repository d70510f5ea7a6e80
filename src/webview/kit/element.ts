import type { ComponentChildren, HTMLAttributes } from "preact";

/** A custom element of @vscode-elements/elements as a component, by the properties that are its own. */
export type Element<Own> = (
  props: Own & Omit<HTMLAttributes<HTMLElement>, keyof Own> & { slot?: string; children?: ComponentChildren },
) => ComponentChildren;
