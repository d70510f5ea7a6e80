import { actionForms, type ActionTexts } from "../../model/actionForm.ts";
import type { FixAction } from "../../model/fix.ts";

interface Props {
  /** "" for none. */
  type: string;
  texts: ActionTexts;
  onChange: (type: string, texts: ActionTexts) => void;
}

const types = Object.keys(actionForms) as FixAction["type"][];

/** What auto-fix does with a solution. */
export function ActionFields({ type, texts, onChange }: Props) {
  const fields = types.includes(type as FixAction["type"])
    ? actionForms[type as FixAction["type"]].fields
    : [];
  return (
    <>
      <label>
        What auto-fix does with it
        <select value={type} onChange={({ currentTarget }) => onChange(currentTarget.value, {})}>
          <option value="">Nothing: it is for people</option>
          {types.map((each) => (
            <option key={each} value={each}>
              {actionForms[each].label}
            </option>
          ))}
        </select>
      </label>
      {fields.map(({ key, label, kind }) => {
        const value = texts[key] ?? "";
        const write = (text: string) => onChange(type, { ...texts, [key]: text });
        return (
          <label key={`${type} ${key}`}>
            {label}
            {kind === "json" || kind === "code" ? (
              <textarea
                class="code"
                rows={3}
                maxLength={12_000}
                value={value}
                onInput={({ currentTarget }) => write(currentTarget.value)}
              />
            ) : (
              <input
                type="text"
                inputMode={kind === "number" ? "decimal" : "text"}
                maxLength={200}
                value={value}
                onInput={({ currentTarget }) => write(currentTarget.value)}
              />
            )}
          </label>
        );
      })}
    </>
  );
}
