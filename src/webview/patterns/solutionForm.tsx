import { useEffect, useRef, useState } from "preact/hooks";
import type { SolutionRow } from "../../model/patterns.ts";
import { Button } from "../kit/button.ts";

export interface SolutionText {
  fix: string;
  snippet: string;
  language: string;
}

interface Props {
  /** Null for a new one. */
  row: SolutionRow | null;
  onSave: (text: SolutionText) => void;
  onCancel: () => void;
}

/** A solution is written or changed. */
export function SolutionForm({ row, onSave, onCancel }: Props) {
  const [text, setText] = useState<SolutionText>({
    ...{ fix: row?.fix ?? "", snippet: row?.snippet ?? "", language: row?.language ?? "" },
  });
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const fix = text.fix.trim();
  const save = () => {
    if (fix !== "") onSave({ fix, snippet: text.snippet.trim(), language: text.language.trim() });
  };
  return (
    <form
      class="solution-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      }}
    >
      <label>
        What to do
        <textarea
          ref={first}
          rows={2}
          maxLength={2000}
          value={text.fix}
          onInput={({ currentTarget }) => setText({ ...text, fix: currentTarget.value })}
        />
      </label>
      <label>
        Code for people to read (optional, never run)
        <textarea
          class="code"
          rows={3}
          maxLength={8000}
          value={text.snippet}
          onInput={({ currentTarget }) => setText({ ...text, snippet: currentTarget.value })}
        />
      </label>
      <label>
        Its language (optional)
        <input
          type="text"
          maxLength={40}
          value={text.language}
          onInput={({ currentTarget }) => setText({ ...text, language: currentTarget.value })}
        />
      </label>
      <div class="buttons">
        <Button disabled={fix === ""} onClick={save}>
          Save
        </Button>
        <Button secondary onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
