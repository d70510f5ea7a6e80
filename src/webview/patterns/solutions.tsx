import type { BirpcReturn } from "birpc";
import { useState } from "preact/hooks";
import type {
  ErrorPatternsHost,
  PatternDetail,
  PatternEdit,
  ShownAction,
  SolutionRow,
} from "../../model/patterns.ts";
import { percent } from "../../model/percent.ts";
import { Button } from "../kit/button.ts";
import { Time } from "../parts.tsx";
import { SolutionForm, type SolutionText } from "./solutionForm.tsx";

/** Nobody can write more here; a file may hold any length. */
const mostWords = 2000;

interface Props {
  detail: PatternDetail;
  host: BirpcReturn<ErrorPatternsHost>;
  now: number;
}

/** What is known to help, with what became of it. */
export function Solutions({ detail, host, now }: Props) {
  /** The words of the one that is changed; "" for a new one. */
  const [open, setOpen] = useState<string | null>(null);
  const { folder, signature, solutionRows } = detail;
  const apply = (edit: PatternEdit) => host.apply({ folder, edit });
  const save = (row: SolutionRow | null, text: SolutionText) => {
    const written = row === null || row.proposed ? added(row, text) : changed(row, text);
    const fix = row === null || row.proposed ? null : row.fix;
    if (Object.keys(written).length === 0) setOpen(null);
    else
      void apply({ kind: "solution", signature: row?.signature ?? signature, fix, solution: written }).then(
        () => setOpen(null),
      );
  };
  const confirm = ({ proposed, fix, solution, signature: of }: SolutionRow) => {
    const unconfirmed = proposed ? { ...solution, unconfirmed: null } : { unconfirmed: null };
    void apply({ kind: "solution", signature: of, fix: proposed ? null : fix, solution: unconfirmed });
  };
  const remove = (row: SolutionRow) =>
    void apply(
      row.proposed
        ? { kind: "dismiss", signature: row.signature, fix: row.fix, dismissed: true }
        : { kind: "solution", signature: row.signature, fix: row.fix, solution: null },
    );
  return (
    <section class="part">
      <h3>Solutions</h3>
      {solutionRows.length === 0 && open === null && (
        <p class="dim">
          None is known yet. Add what helped; what a later run did differently and passed is proposed here.
        </p>
      )}
      {solutionRows.map((row) =>
        open === row.fix ? (
          <SolutionForm
            key={row.fix}
            row={row}
            onSave={(text) => save(row, text)}
            onCancel={() => setOpen(null)}
          />
        ) : (
          <div key={row.fix} class="solution">
            <div class="solution-head">
              <span>
                {row.fix.length > mostWords ? `${row.fix.slice(0, mostWords)}… (cut off)` : row.fix}
              </span>
              {!row.unconfirmed && isUntried(row) && (
                <span class="badge" title="No outcome of it was counted: see what auto-fix would do">
                  untried
                </span>
              )}
              {row.unconfirmed && (
                <span
                  class="badge"
                  title={row.evidence ?? "Found by comparing runs; nobody has confirmed it"}
                >
                  unconfirmed
                </span>
              )}
            </div>
            <div class="solution-facts dim">
              <span>{outcomes(row)}</span>
              <span title="With 95 % confidence it helps at least this often; a rate that was given counts as four outcomes">
                {row.successes + row.failures === 0 ? "counts as" : "at least"} {percent(row.lowerBound)}
              </span>
              <span>
                {row.lastUsed === null ? (
                  "never used"
                ) : (
                  <>
                    last used <Time iso={row.lastUsed} now={now} brief />
                  </>
                )}
              </span>
            </div>
            {row.evidence !== null && <div class="dim">{row.evidence}</div>}
            {row.action !== null && <Action action={row.action} />}
            {row.snippet !== null && (
              <figure>
                <figcaption class="dim">{row.language ?? "text"}, shown only and never run</figcaption>
                <pre tabIndex={0}>{row.snippet}</pre>
              </figure>
            )}
            <div class="solution-actions">
              {row.unconfirmed && (
                <button type="button" class="link" onClick={() => confirm(row)}>
                  Confirm
                </button>
              )}
              <button type="button" class="link" onClick={() => setOpen(row.fix)}>
                Edit
              </button>
              <button type="button" class="link" onClick={() => remove(row)}>
                {row.proposed ? "Dismiss" : "Remove"}
              </button>
            </div>
          </div>
        ),
      )}
      {open === "" ? (
        <SolutionForm row={null} onSave={(text) => save(null, text)} onCancel={() => setOpen(null)} />
      ) : (
        <Button secondary icon="add" onClick={() => setOpen("")}>
          Add Solution
        </Button>
      )}
    </section>
  );
}

type Written = Record<string, unknown>;

const orNull = (text: string): string | null => (text === "" ? null : text);

/** A new solution, or a proposal that is taken over with what runs counted. */
const added = (row: SolutionRow | null, { fix, snippet, language, action }: SolutionText): Written => ({
  ...row?.solution,
  ...(action === undefined ? {} : { action }),
  ...{ fix, code_snippet: orNull(snippet), language: snippet === "" ? null : orNull(language) },
});

/** What is written anew, and nothing else: the page may not have all of it, and outcomes are counted meanwhile. */
function changed(row: SolutionRow, { fix, snippet, language, action }: SolutionText): Written {
  const code = snippet === (row.snippet ?? "").trim() ? {} : { code_snippet: orNull(snippet) };
  const named = snippet === "" ? "" : language;
  return {
    ...(fix === row.fix.trim() ? {} : { fix }),
    ...code,
    ...(action === undefined ? {} : { action }),
    ...(named === (row.language ?? "").trim() ? {} : { language: orNull(named) }),
  };
}

/** What auto-fix would do, all of it. */
function Action({ action: { words, text, problem } }: { action: ShownAction }) {
  return (
    <figure>
      <figcaption class="dim">
        {words !== null && <>Auto-fix: {words}. </>}
        {problem !== null && <>Auto-fix does nothing of it: {problem}.</>}
      </figcaption>
      {text !== null && <pre tabIndex={0}>{text}</pre>}
    </figure>
  );
}

const isUntried = ({ action, successes, failures }: SolutionRow): boolean =>
  action !== null && successes + failures === 0;

function outcomes({ successes, failures }: SolutionRow): string {
  const tried = successes + failures;
  return tried === 0 ? "not tried yet" : `tried ${tried}, passed ${successes}`;
}
