import { useEffect, useRef, useState } from "preact/hooks";
import { actionFrom, textsOf } from "../../model/actionForm.ts";
import type { SolutionRow } from "../../model/patterns.ts";
import { Button } from "../kit/button.ts";
import { ActionFields } from "./actionFields.tsx";

export interface SolutionText {
  fix: string;
  snippet: string;
  language: string;
  /** What auto-fix does; null for nothing, undefined where that was left as it is. */
  action: Record<string, unknown> | null | undefined;
}

interface Props {
  /** Null for a new one. */
  row: SolutionRow | null;
  onSave: (text: SolutionText) => void;
  onCancel: () => void;
}

/** A solution is written or changed. */
export function SolutionForm({ row, onSave, onCancel }: Props) {
  const [text, setText] = useState({
    ...{ fix: row?.fix ?? "", snippet: row?.snippet ?? "", language: row?.language ?? "" },
  });
  const [action, setAction] = useState({ ...textsOf(row?.solution.action), changed: false });
  const [problem, setProblem] = useState("");
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const fix = text.fix.trim();
  const save = () => {
    if (fix === "") return;
    const made = action.changed ? actionFrom(action.type, action.texts) : { action: undefined };
    if ("problem" in made) setProblem(made.problem);
    else onSave({ fix, snippet: text.snippet.trim(), language: text.language.trim(), ...made });
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
      <ActionFields
        {...action}
        onChange={(type, texts) => {
          setAction({ type, texts, changed: true });
          setProblem("");
        }}
      />
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
      {problem !== "" && <p role="alert">{problem}</p>}
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
