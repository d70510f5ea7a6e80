import type { ComponentChildren } from "preact";
import { countText, durationText, memoryText, percentText } from "../../model/figureText.ts";
import type { AgentPerformance, BatchPerformance, ToolPerformance } from "../../model/performance.ts";
import { DataTable, type Column } from "../dataTable.tsx";
import { Time } from "../parts.tsx";
import type { Sort } from "../sorting.ts";

/** A column of numbers; those that are not known stand at the end. */
function figure<Row>(
  id: string,
  title: string,
  of: (row: Row) => number | null | undefined,
  text: (value: number) => ComponentChildren,
): Column<Row> {
  return {
    ...{ id, title, numeric: true, descendingFirst: true },
    key: (row) => of(row) ?? -1,
    cell: (row) => {
      const value = of(row);
      return value === null || value === undefined ? "" : text(value);
    },
  };
}

/** The class; its file is told on hover. */
export const agentText = (agent: string): string => agent.slice(agent.lastIndexOf("#") + 1);

export function AgentName({ agent }: { agent: string }) {
  const hash = agent.lastIndexOf("#");
  return (
    <span title={agent}>
      {agentText(agent)} <span class="dim">{agent.slice(0, hash)}</span>
    </span>
  );
}

const agentColumns: Column<AgentPerformance>[] = [
  {
    ...{ id: "agent", title: "Agent", grow: true },
    key: ({ agent }) => agentText(agent),
    cell: ({ agent }) => <AgentName agent={agent} />,
  },
  figure("runs", "Runs", ({ runs }) => runs, countText),
  figure("errors", "Errors", ({ errorRate }) => errorRate, percentText),
  figure("p50", "p50", ({ duration }) => duration?.p50Ms, durationText),
  figure("p95", "p95", ({ duration }) => duration?.p95Ms, durationText),
  figure("p99", "p99", ({ duration }) => duration?.p99Ms, durationText),
  figure("queue", "Queue p95", ({ queue }) => queue?.p95Ms, durationText),
  figure("retries", "Retries", ({ retries }) => retries, countText),
  figure("memory", "Memory", ({ memory }) => memory?.maxBytes, memoryText),
  figure("busy", "Busy", ({ busy }) => busy, percentText),
  figure("tools", "In tools", ({ toolShare }) => toolShare, percentText),
  figure("work", "Work", ({ share }) => share, percentText),
];

const toolColumns: Column<ToolPerformance>[] = [
  { id: "tool", title: "Tool", key: ({ name }) => name, cell: ({ name }) => name },
  figure("calls", "Calls", ({ calls }) => calls, countText),
  figure("failures", "Failed", ({ failures }) => failures, countText),
  figure("refusals", "Refused", ({ refusals }) => refusals, countText),
  figure("errors", "Errors", ({ errorRate }) => errorRate, percentText),
  figure("mean", "Mean", ({ meanMs }) => meanMs, durationText),
  figure("p50", "p50", ({ duration }) => duration?.p50Ms, durationText),
  figure("p95", "p95", ({ duration }) => duration?.p95Ms, durationText),
  figure("p99", "p99", ({ duration }) => duration?.p99Ms, durationText),
  figure("total", "Total", ({ totalMs }) => totalMs, durationText),
  figure("memory", "Memory", ({ memoryBytes }) => memoryBytes, memoryText),
  {
    ...{ id: "heaviest", title: "Most of", grow: true, descendingFirst: true },
    key: ({ heaviest }) => heaviest?.share ?? -1,
    cell: ({ heaviest }) =>
      heaviest === null ? "" : `${agentText(heaviest.agent)} (${percentText(heaviest.share)} of its time)`,
  },
];

const batchColumns = (now: number): Column<BatchPerformance>[] => [
  {
    ...{ id: "started", title: "Started", grow: true, descendingFirst: true },
    key: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <Time iso={new Date(startedAt).toISOString()} now={now} />,
  },
  figure("runs", "Runs", ({ runs }) => runs, countText),
  figure("wall", "Time", ({ wallMs }) => wallMs, durationText),
  figure("work", "Work", ({ workMs }) => workMs, durationText),
  figure("peak", "At a time", ({ peak }) => peak, countText),
  figure("efficiency", "Efficiency", ({ efficiency }) => efficiency, percentText),
  figure("tail", "One alone at the end", ({ tailMs }) => tailMs, durationText),
];

export interface TableSorts {
  agents: Sort;
  tools: Sort;
  batches: Sort;
}

interface Props {
  agents: readonly AgentPerformance[];
  tools: readonly ToolPerformance[];
  batches: readonly BatchPerformance[];
  now: number;
  sorts: TableSorts;
  onSort: (sorts: TableSorts) => void;
  onOpen: (agent: string) => void;
}

export function Tables({ agents, tools, batches, now, sorts, onSort, onOpen }: Props) {
  return (
    <>
      {agents.length > 0 && (
        <Part title="Agents">
          <DataTable
            label="Agents"
            columns={agentColumns}
            rows={agents}
            rowId={({ agent }) => agent}
            sort={sorts.agents}
            onSort={(sort) => onSort({ ...sorts, agents: sort })}
            onOpen={({ agent }) => onOpen(agent)}
          />
        </Part>
      )}
      {tools.length > 0 && (
        <Part title="Tools">
          <DataTable
            label="Tools"
            columns={toolColumns}
            rows={tools}
            rowId={({ name }) => name}
            sort={sorts.tools}
            onSort={(sort) => onSort({ ...sorts, tools: sort })}
          />
        </Part>
      )}
      {batches.length > 0 && (
        <Part title="Batches">
          <DataTable
            label="Batches"
            columns={batchColumns(now)}
            rows={batches}
            rowId={({ batch }) => batch}
            sort={sorts.batches}
            onSort={(sort) => onSort({ ...sorts, batches: sort })}
          />
        </Part>
      )}
    </>
  );
}

/** A table that is wider than a narrow panel scrolls by itself. */
function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      <div class="scrolls" tabIndex={0} role="region" aria-label={`${title}, table`}>
        {children}
      </div>
    </section>
  );
}
