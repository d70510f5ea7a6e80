import "@vscode-elements/elements/dist/vscode-button/index.js";
import { h } from "preact";
import type { Element } from "./element.ts";

export const Button: Element<{ icon?: string; secondary?: boolean; disabled?: boolean }> = (props) =>
  h("vscode-button", props);
