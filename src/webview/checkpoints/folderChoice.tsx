import type { CheckpointsState } from "../../model/checkpointsPanel.ts";

interface Props {
  label: string;
  /** What stands for all of them, where that can be chosen. */
  all?: string;
  folders: CheckpointsState["folders"];
  /** "" for all. */
  value: string;
  onChange: (folder: string) => void;
  class: string;
}

/** One of several workspace folders. */
export function FolderChoice({ label, all, folders, value, onChange, class: name }: Props) {
  return (
    <label class={name}>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {all !== undefined && <option value="">{all}</option>}
        {folders.map((each) => (
          <option key={each.folder} value={each.folder} title={each.folder}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  );
}
