import { counted } from "../../model/counted.ts";
import { durationText, countText, memoryText, percentText } from "../../model/figureText.ts";
import type {
  PerformanceChoice,
  PerformanceHost,
  PerformanceView,
  Span,
  Suggestion,
} from "../../model/performance.ts";
import { drawPanel } from "../panel.tsx";
import { Empty, useNow } from "../parts.tsx";
import { Charts } from "./charts.tsx";
import { agentText, Tables, type TableSorts } from "./tables.tsx";
import "./performance.css";

const spans: Record<Span, string> = {
  hour: "Last hour",
  day: "Last 24 hours",
  week: "Last 7 days",
  month: "Last 30 days",
  all: "All time",
};

const byWork = { column: "work", descending: true };
const initial: TableSorts = {
  agents: byWork,
  tools: { column: "total", descending: true },
  batches: { column: "started", descending: true },
};

drawPanel<PerformanceView, PerformanceHost, TableSorts>(
  initial,
  ({ rows: [view], host, view: sorts, setView }) => {
    const now = useNow();
    if (view === undefined) return null;
    const { total, query, folder, tools } = view;
    const choose = (changed: Partial<PerformanceChoice>) => void host.choose(changed);
    const empty = total.runs + total.atWork + tools.length === 0;
    if (!view.recorded && folder === null) return <NoRunsYet runTask={() => void host.runTask()} />;
    return (
      <>
        <header class="performance">
          <Choices view={view} choose={choose} />
          <span class="actions">
            <button type="button" class="secondary" onClick={() => void host.export("csv")}>
              Export CSV
            </button>
            <button type="button" class="secondary" onClick={() => void host.export("json")}>
              Export JSON
            </button>
          </span>
        </header>
        <p class="dim" role="status">
          {view.unread > 0 ? `${counted(view.unread, "record")} still to be read…` : ""}
        </p>
        {empty && view.unread === 0 ? (
          <Empty title="No runs here">
            <p>
              None of the runs that are recorded ended {query.span === "all" ? "like that" : "in this time"}.
            </p>
            <button
              type="button"
              class="primary"
              onClick={() => choose({ span: "all", agent: null, folder: null })}
            >
              Show All Runs
            </button>
          </Empty>
        ) : (
          <>
            <Summary view={view} />
            <Suggestions suggestions={view.suggestions} />
            <Charts {...view} />
            <Rankings view={view} choose={(agent) => choose({ agent })} />
            <Tables
              {...view}
              {...{ now, sorts }}
              onSort={setView}
              onOpen={(agent) => void host.open(agent)}
            />
          </>
        )}
      </>
    );
  },
);

function NoRunsYet({ runTask }: { runTask: () => void }) {
  return (
    <Empty title="No runs yet">
      <p>
        Each run of an agent is recorded in <code>.proj-intel/runs</code>. From the records come throughput,
        durations, error rates, waiting times, the use of tools and memory, and what would make runs faster or
        more reliable.
      </p>
      <button type="button" class="primary" onClick={runTask}>
        Run Task…
      </button>
    </Empty>
  );
}

interface ChoicesProps {
  view: PerformanceView;
  choose: (changed: Partial<PerformanceChoice>) => void;
}

function Choices({ view: { query, folder, folders, agentsWithRuns }, choose }: ChoicesProps) {
  const agents = [...new Set([...agentsWithRuns, ...(query.agent === null ? [] : [query.agent])])];
  return (
    <>
      {folders.length > 1 && (
        <label class="filter">
          Folder
          <select
            value={folder ?? ""}
            onChange={({ currentTarget }) => choose({ folder: currentTarget.value || null, agent: null })}
          >
            <option value="">All folders</option>
            {folders.map(({ uri, name }) => (
              <option key={uri} value={uri}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="filter">
        Agent
        <select
          value={query.agent ?? ""}
          onChange={({ currentTarget }) => choose({ agent: currentTarget.value || null })}
        >
          <option value="">All agents</option>
          {agents.map((agent) => (
            <option key={agent} value={agent} title={agent}>
              {agentText(agent)}
            </option>
          ))}
        </select>
      </label>
      <label class="filter">
        Time
        <select
          value={query.span}
          onChange={({ currentTarget }) => choose({ span: currentTarget.value as Span })}
        >
          {Object.entries(spans).map(([span, text]) => (
            <option key={span} value={span}>
              {text}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Summary({ view: { total, parallel, perMinute } }: { view: PerformanceView }) {
  const { runs, failed, interrupted, cancelled, atWork, duration, queue, retried, rescued, memory, busy } =
    total;
  const ms = (value: number | undefined) => (value === undefined ? "–" : durationText(value));
  const figures: [string, string, string][] = [
    [
      "Runs",
      countText(runs),
      [
        atWork > 0 ? `${atWork} at work` : "",
        cancelled > 0 ? `${cancelled} cancelled` : "",
        `${countText(perMinute)} a minute`,
      ]
        .filter(Boolean)
        .join(", "),
    ],
    [
      "Error rate",
      percentText(total.errorRate),
      `${failed} failed${interrupted > 0 ? `, ${interrupted} interrupted` : ""}`,
    ],
    ["Duration, p50", ms(duration?.p50Ms), `p95 ${ms(duration?.p95Ms)}, p99 ${ms(duration?.p99Ms)}`],
    ["Queue time, p95", ms(queue?.p95Ms), `p50 ${ms(queue?.p50Ms)}`],
    [
      "Retries",
      countText(total.retries),
      retried === 0 ? "none was needed" : `${rescued} of ${counted(retried, "run")} then succeeded`,
    ],
    [
      "Memory, most",
      memory === null ? "–" : memoryText(memory.maxBytes),
      memory === null ? "not recorded" : `${memoryText(memory.meanBytes)} on average`,
    ],
    [
      "Parallel efficiency",
      percentText(parallel.efficiency),
      `at most ${parallel.peak} at a time${busy === null ? "" : `, threads ${percentText(busy)} busy`}`,
    ],
  ];
  return (
    <dl class="tiles" aria-label="Summary">
      {figures.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="value">{value}</dd>
          <dd class="dim">{more}</dd>
        </div>
      ))}
    </dl>
  );
}

function Suggestions({ suggestions }: { suggestions: readonly Suggestion[] }) {
  if (suggestions.length === 0) return null;
  return (
    <section>
      <h2>Suggestions</h2>
      <ul class="suggestions">
        {suggestions.map(({ kind, agent, title, text }) => (
          <li key={`${kind}|${agent ?? ""}|${title}`}>
            <strong>{title}</strong>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RankingsProps {
  view: PerformanceView;
  choose: (agent: string) => void;
}

/** Where there is one agent only, nothing is ranked. */
function Rankings({ view: { slowest, mostFailing, agents }, choose }: RankingsProps) {
  if (agents.length < 2) return null;
  const of = (name: string) => agents.find(({ agent }) => agent === name);
  return (
    <div class="rankings">
      <Ranking
        {...{ title: "Slowest agents, p95", names: slowest, choose }}
        valueOf={(name) => of(name)?.duration?.p95Ms ?? 0}
        text={durationText}
      />
      <Ranking
        {...{ title: "Most failing agents", names: mostFailing, choose }}
        valueOf={(name) => of(name)?.errorRate ?? 0}
        text={percentText}
      />
    </div>
  );
}

interface RankingProps {
  title: string;
  names: readonly string[];
  valueOf: (name: string) => number;
  text: (value: number) => string;
  choose: (agent: string) => void;
}

function Ranking({ title, names, valueOf, text, choose }: RankingProps) {
  if (names.length === 0) return null;
  const greatest = Math.max(...names.map(valueOf));
  return (
    <section>
      <h2>{title}</h2>
      <ol class="ranking">
        {names.map((name) => (
          <li key={name}>
            <button type="button" title={`Show ${name} alone`} onClick={() => choose(name)}>
              {agentText(name)}
            </button>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${(valueOf(name) / greatest) * 100}%` }} />
            </span>
            <span class="amount">{text(valueOf(name))}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
