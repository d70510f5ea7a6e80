import type { BirpcReturn } from "birpc";
import type { ComponentChildren } from "preact";
import type { ErrorPatternsHost, FolderEdit, PatternDetail } from "../../model/patterns.ts";
import type { PatternEdit } from "../../model/patterns.ts";
import { Button } from "../kit/button.ts";
import { Time } from "../parts.tsx";
import { Solutions } from "./solutions.tsx";
import { Sparkline } from "./sparkline.tsx";

interface Props {
  detail: PatternDetail;
  host: BirpcReturn<ErrorPatternsHost>;
  now: number;
  /** Its name, where there are several. */
  folderName: string | undefined;
  /** Shows what an edit would make of the history. */
  onPreview: (edit: FolderEdit) => void;
}

/** All that is known of one group. */
export function Detail({ detail, host, now, folderName, onPreview }: Props) {
  const { folder, signature } = detail;
  const ref = { folder, signature };
  const ask = (asked: Promise<FolderEdit | null>) =>
    void asked.then((edit) => (edit === null ? undefined : onPreview(edit)));
  const regroup = (edit: PatternEdit) => onPreview({ folder, edit });
  return (
    <article class="pattern-detail" aria-label={`Pattern ${signature}`}>
      <h2>{detail.title ?? detail.type}</h2>
      <div class="buttons">
        <Button secondary icon="git-merge" onClick={() => ask(host.chooseMerge(ref))}>
          Merge…
        </Button>
        <Button secondary icon="split-horizontal" onClick={() => ask(host.chooseSplit(ref))}>
          Split…
        </Button>
        <Button
          secondary
          icon={detail.muted === false ? "bell-slash" : "bell"}
          onClick={() => void host.mute(ref)}
        >
          {detail.muted === false ? "Mute…" : "Muted…"}
        </Button>
        <Button secondary icon="edit" onClick={() => void host.rename(ref)}>
          Rename…
        </Button>
      </div>
      {detail.muted !== false && (
        <p class="dim">
          {detail.muted === true ? (
            "Muted for good."
          ) : (
            <>Muted until {detail.muted.slice(0, 16).replace("T", " ")} UTC.</>
          )}{" "}
          It offers nothing.
        </p>
      )}
      <p class="template">
        <code>
          <span class="dim">{detail.type}: </span>
          {detail.template.map(({ text, variable }, index) =>
            variable ? (
              <mark key={index} title="Differs from one error to the next">
                {text}
              </mark>
            ) : (
              <span key={index}>{text}</span>
            ),
          )}
        </code>
      </p>
      <dl class="facts">
        {folderName !== undefined && (
          <>
            <dt>Folder</dt>
            <dd>{folderName}</dd>
          </>
        )}
        <dt>Occurrences</dt>
        <dd>
          {detail.occurrences.toLocaleString("en")}
          {detail.days !== null && <Sparkline days={detail.days} scale={1.6} />}
        </dd>
        <dt>First seen</dt>
        <dd>{detail.firstSeen === null ? "not recorded" : <Time iso={detail.firstSeen} now={now} />}</dd>
        <dt>Last seen</dt>
        <dd>{detail.lastSeen === null ? "not recorded" : <Time iso={detail.lastSeen} now={now} />}</dd>
      </dl>
      <Solutions key={signature} detail={detail} host={host} now={now} />
      <Part title="Why grouped">
        <ul class="plain">
          {detail.why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {detail.members.map((member) => (
          <div key={member.signature} class="member">
            <code>
              {member.type}: {member.message}
            </code>
            <span class="dim">{member.occurrences}×</span>
            <button
              type="button"
              class="link"
              onClick={() => regroup({ kind: "unmerge", signature: member.signature })}
            >
              Take out…
            </button>
          </div>
        ))}
        {detail.splits.map(({ into, text }) => (
          <div key={into} class="member">
            <span>Apart: {text}</span>
            <button type="button" class="link" onClick={() => regroup({ kind: "unsplit", signature, into })}>
              Count here again…
            </button>
          </div>
        ))}
        {detail.splitFrom !== null && (
          <div class="member">
            <button
              type="button"
              class="link"
              onClick={() => regroup({ kind: "unsplit", signature: detail.splitFrom ?? "", into: signature })}
            >
              Undo the split…
            </button>
          </div>
        )}
      </Part>
      <Part title="Frames of your code">
        {detail.frames.length === 0 && <p class="dim">None is in the stacks.</p>}
        <ol class="plain">
          {detail.frames.map(({ text, place }, index) => (
            <li key={index}>
              {place === null ? (
                <code>{text}</code>
              ) : (
                <button
                  type="button"
                  class="link"
                  title={`Open ${place}`}
                  onClick={() => void host.openFrame({ ...ref, index })}
                >
                  <code>{text}</code> <span class="dim">{place}</span>
                </button>
              )}
            </li>
          ))}
        </ol>
      </Part>
      <Part title="Agents and runs">
        {detail.counts.length === 0 && <p class="dim">Not recorded.</p>}
        <ul class="tags">
          {detail.counts.map(({ agent, count }) => (
            <li key={agent}>
              {agent}
              {count !== null && <span class="dim"> {count}×</span>}
            </li>
          ))}
        </ul>
        <ul class="plain">
          {detail.runs.map(({ runId, agent, state, time }) => (
            <li key={runId}>
              <button
                type="button"
                class="link"
                title="Open the log"
                onClick={() => void host.openRun({ folder, runId })}
              >
                {agent} {runId.slice(-8)}
              </button>{" "}
              <span class={`state ${state}`}>{state}</span>{" "}
              <span class="dim">
                <Time iso={time} now={now} brief />
              </span>
            </li>
          ))}
        </ul>
        {detail.runCount > detail.runs.length && (
          <p class="dim">
            {detail.runCount} runs in all{detail.runs.length > 0 ? "; the newest are listed." : "."}
          </p>
        )}
      </Part>
      <Part title="Messages">
        {detail.samples.length === 0 && <p class="dim">Not recorded.</p>}
        <ul class="plain">
          {detail.samples.map((sample) => (
            <li key={sample}>
              <code class="message">{sample}</code>
            </li>
          ))}
        </ul>
      </Part>
    </article>
  );
}

export function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
