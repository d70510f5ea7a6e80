import { useState } from "preact/hooks";
import { bytesText } from "../../model/bytes.ts";
import type { CheckpointList, CheckpointQuery } from "../../model/checkpoints.ts";
import type { CheckpointsState } from "../../model/checkpointsPanel.ts";
import { counted } from "../../model/counted.ts";
import { IconButton, IconToggle, SearchBox } from "../kit/controls.tsx";
import { Filter } from "../parts.tsx";
import type { Host } from "./checkpointList.ts";
import { FolderChoice } from "./folderChoice.tsx";

interface Props {
  host: Host;
  list: CheckpointList;
  folders: CheckpointsState["folders"];
  query: CheckpointQuery;
  setQuery: (change: Partial<CheckpointQuery>) => void;
  progress: { job: string; done: number; total: number } | null;
  onPrune: () => void;
}

/** A search through the content of checkpoints. */
interface Search {
  job: string;
  text: string;
  /** Null while it looks. */
  result: string | null;
}

let searches = 0;

/** Filters, what they come to, and what can be done with all. */
export function Head({ host, list, folders, query, setQuery, progress, onPrune }: Props) {
  const [search, setSearch] = useState<Search | null>(null);
  const { agent, runId, text, pinned, order } = query;
  const agents = list.agents.map((each) => each.agent);
  if (agent !== null && !agents.includes(agent)) agents.push(agent);
  const endSearch = (): void => {
    if (search?.result === null) void host.cancel(search.job);
    setSearch(null);
    setQuery({ search: null });
  };
  const searchContent = async (wanted: string): Promise<void> => {
    if (search?.result === null) await host.cancel(search.job);
    if (wanted === "") {
      endSearch();
      return;
    }
    const job = `search ${(searches += 1)}`;
    setSearch({ job, text: wanted, result: null });
    setQuery({ text: "", search: job });
    const found = await host.search(job, { ...query, text: "", search: null }, wanted).catch(() => null);
    const told =
      found === null
        ? "stopped"
        : `${counted(found.found, "match", "matches")}${found.skipped > 0 ? `, ${found.skipped} could not be read` : ""}`;
    setSearch((now) => (now?.job === job ? { ...now, result: told } : now));
  };
  const looking = search !== null && search.result === null && progress?.job === search.job;
  return (
    <header>
      {folders.length > 1 && (
        <FolderChoice
          class="filter"
          label="Folder"
          all="All folders"
          folders={folders}
          value={query.folder ?? ""}
          onChange={(value) => setQuery({ folder: value === "" ? null : value, runId: null })}
        />
      )}
      <Filter
        label="Agent"
        all="All agents"
        options={agents.sort()}
        value={agent ?? ""}
        onChange={(value) => setQuery({ agent: value === "" ? null : value, runId: null })}
      />
      <SearchBox
        label="Filter by label, run, state"
        value={text}
        onChange={(value) => setQuery({ text: value })}
      />
      <IconToggle
        icon="pinned"
        label="Pinned only"
        checked={pinned}
        onChange={(checked) => setQuery({ pinned: checked })}
      />
      <IconToggle
        icon="list-tree"
        label="Branches"
        checked={order === "branches"}
        onChange={(checked) => setQuery({ order: checked ? "branches" : "timeline" })}
      />
      <SearchBox
        label="Search states and tasks"
        value={search?.text ?? ""}
        onChange={(value) => value === "" && search !== null && endSearch()}
        onSubmit={(value) => void searchContent(value)}
      />
      {runId !== null && (
        <button type="button" class="secondary" onClick={() => setQuery({ runId: null })}>
          {`Run ${runId.slice(-6)} ✕`}
        </button>
      )}
      <span class="dim" role="status">
        {`${counted(list.checkpoints, "checkpoint")}${list.checkpoints === list.all ? "" : ` of ${list.all.toLocaleString("en")}`} · ${bytesText(list.bytes)}`}
        {list.complete ? "" : " · reading…"}
        {search === null
          ? ""
          : ` · ${search.result ?? `searching${looking ? ` ${progress.done.toLocaleString("en")} of ${progress.total.toLocaleString("en")}` : ""}…`}`}
      </span>
      <span class="tools">
        {search !== null && <IconButton icon="search-stop" label="End the Search" onClick={endSearch} />}
        <IconButton icon="archive" label="Prune…" onClick={onPrune} />
        <IconButton icon="cloud-download" label="Import…" onClick={() => void host.import()} />
      </span>
    </header>
  );
}
