import "@vscode-elements/elements/dist/vscode-icon/index.js";
import { h } from "preact";
import type { Element } from "./element.ts";

/** A codicon; not read aloud. */
export const Icon: Element<{ name: string; size?: number; spin?: boolean }> = (props) =>
  h("vscode-icon", props);
