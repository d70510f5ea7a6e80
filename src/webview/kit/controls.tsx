import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import "./controls.css";
import type { Element } from "./element.ts";
import { Icon } from "./icon.ts";

const TextField: Element<{ label: string; value: string; placeholder?: string; type?: string }> = (props) =>
  h("vscode-textfield", props);
const ToolbarButton: Element<{ icon: string; label: string; toggleable?: boolean; checked?: boolean }> = (
  props,
) => h("vscode-toolbar-button", props);

interface IconButtonProps {
  /** A codicon. */
  icon: string;
  label: string;
  onClick: () => void;
  disabled?: boolean;
}

/** A button of a toolbar: its label is read aloud, and shown on hover. */
export function IconButton({ icon, label, onClick, disabled = false }: IconButtonProps) {
  return (
    <ToolbarButton
      icon={icon}
      label={label}
      title={label}
      class={disabled ? "off" : ""}
      aria-disabled={disabled}
      onClick={() => {
        if (!disabled) onClick();
      }}
    />
  );
}

interface ToggleProps {
  icon: string;
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function IconToggle({ icon, label, checked, onChange }: ToggleProps) {
  return (
    <ToolbarButton
      icon={icon}
      label={label}
      title={label}
      toggleable
      checked={checked}
      onChange={() => onChange(!checked)}
    />
  );
}

interface SearchBoxProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Enter. */
  onSubmit?: (value: string) => void;
}

const SETTLED_MS = 150;

/** Tells what was typed once the typing pauses; Escape clears it. */
export function SearchBox({ label, value, onChange, onSubmit }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextField
      class="search"
      type="search"
      label={label}
      placeholder={label}
      value={typed}
      onInput={({ currentTarget }) => setTyped((currentTarget as unknown as { value: string }).value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onChange("");
        else if (event.key === "Enter") {
          onChange(typed);
          onSubmit?.(typed);
        } else return;
        event.preventDefault();
      }}
    >
      <Icon slot="content-before" name="search" />
    </TextField>
  );
}
