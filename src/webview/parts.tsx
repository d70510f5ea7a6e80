import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { absoluteTime, relativeTime } from "./time.ts";

/** The current time, renewed so that "3 minutes ago" stays true. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

interface TimeProps {
  iso: string;
  now: number;
  /** The absolute time only on hover. */
  brief?: boolean;
}

export function Time({ iso, now, brief = false }: TimeProps) {
  return (
    <time dateTime={iso} title={absoluteTime(iso)}>
      <span class={brief ? "" : "relative"}>{relativeTime(iso, now)}</span>
      {brief ? null : <span class="dim">{absoluteTime(iso)}</span>}
    </time>
  );
}

interface FilterProps {
  label: string;
  all: string;
  options: readonly string[];
  value: string;
  onChange: (value: string) => void;
}

export function Filter({ label, all, options, value, onChange }: FilterProps) {
  return (
    <label class="filter">
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Notes({ notes }: { notes: readonly string[] }) {
  return notes.length === 0 ? null : (
    <div class="notes" role="status">
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="empty">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
