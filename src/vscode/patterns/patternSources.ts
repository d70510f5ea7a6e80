import * as vscode from "vscode";
import type { PatternDetail, PatternRef, PatternRun, ProposedFix } from "../../model/patterns.ts";
import { detailOf } from "../../patterns/detail.ts";
import { proposalsFrom } from "../../patterns/proposals.ts";
import { placesIn, type SourceLine } from "../../patterns/stackPlaces.ts";
import { readEnds, readSummary } from "../../runs/history/listRuns.ts";
import { readRunFacts } from "../../runs/runFacts.ts";
import { groupsOf, type PatternGroup } from "../../runtime/patterns/groups.ts";
import { PatternsStore } from "../../runtime/patterns/store.ts";
import { talliesOf } from "../../runtime/patterns/tallies.ts";
import type { ErrorPattern } from "../../runtime/index.ts";
import { Notice } from "../answers.ts";

/** What runs suggest is worked out anew at most so often. */
const proposalsMs = 5_000;

interface Known {
  patterns: ErrorPattern[];
  groups: Map<string, PatternGroup>;
}

/** The patterns of the workspace folders, as they were read last, and what is known of one beside the file. */
export class PatternSources {
  readonly #known = new Map<string, Known>();
  readonly #proposals = new Map<string, { at: number; found: Promise<ProposedFix[]> }>();

  /** The store of a workspace folder; a page can name no other. */
  storeOf(folder: string, warn: (sentence: string) => void = () => undefined): PatternsStore {
    return new PatternsStore(vscode.Uri.joinPath(folderOf(folder).uri, ".proj-intel").fsPath, { warn });
  }

  /** Reads the patterns of a folder. */
  read(folder: string, warn: (sentence: string) => void): PatternGroup[] {
    const patterns = this.storeOf(folder, warn).patterns();
    const groups = groupsOf(patterns);
    this.#known.set(folder, {
      patterns,
      groups: new Map(groups.map((group) => [group.pattern.error_signature, group])),
    });
    return groups;
  }

  /** As they were read last. */
  patterns(folder: string): readonly ErrorPattern[] {
    return this.#known.get(folder)?.patterns ?? [];
  }

  group({ folder, signature }: PatternRef): PatternGroup | undefined {
    return this.#known.get(folder)?.groups.get(signature);
  }

  async detail(ref: PatternRef): Promise<PatternDetail | null> {
    const group = this.group(ref);
    if (group === undefined) return null;
    const root = folderOf(ref.folder).uri.fsPath;
    const [runs, places, proposals] = await Promise.all([
      runsOf(root, group),
      placesOf(root, group),
      this.#proposalsOf(root),
    ]);
    const placeOf = (frame: string) => {
      const place = places.get(frame);
      return place === undefined ? null : `${place.file}:${place.line}`;
    };
    return detailOf(ref.folder, group, { runs, proposals, placeOf, now: new Date() });
  }

  /** Where the source of a frame is. */
  async placeOf(ref: PatternRef, index: number): Promise<vscode.Location> {
    const group = this.group(ref);
    const folder = folderOf(ref.folder);
    const frames: unknown = group?.pattern.frames;
    const frame: unknown = Array.isArray(frames) ? frames[index] : undefined;
    const places = group === undefined ? null : await placesOf(folder.uri.fsPath, group);
    const place = typeof frame === "string" ? places?.get(frame) : undefined;
    if (place === undefined) throw new Notice("The source of this frame is not in the workspace folder.");
    const line = new vscode.Position(Math.max(0, place.line - 1), 0);
    return new vscode.Location(vscode.Uri.joinPath(folder.uri, place.file), line);
  }

  async #proposalsOf(root: string): Promise<ProposedFix[]> {
    const known = this.#proposals.get(root);
    if (known !== undefined && Date.now() - known.at < proposalsMs) return await known.found;
    const found = readRunFacts(root).then(proposalsFrom);
    this.#proposals.set(root, { at: Date.now(), found });
    return await found;
  }
}

/** One of the workspace's own. */
export function folderOf(uri: string): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.find((each) => each.uri.toString() === uri);
  if (folder === undefined) throw new Notice("This folder is no longer part of the workspace.");
  return folder;
}

const idsOf = ({ pattern }: PatternGroup): string[] =>
  talliesOf(pattern)
    .runs.filter((id) => /^[\w-]{1,100}$/.test(id))
    .reverse();

async function runsOf(root: string, group: PatternGroup): Promise<PatternRun[]> {
  const summaries = idsOf(group).map((id) => readSummary(root, id).catch(() => null));
  return (await Promise.all(summaries)).flatMap((summary) =>
    summary === null
      ? []
      : [
          {
            runId: summary.runId,
            agent: summary.agent.name,
            state: summary.state,
            time: summary.endedAt ?? summary.queuedAt,
          },
        ],
  );
}

/** Places stand in the stacks of the runs that failed. */
async function placesOf(root: string, group: PatternGroup): Promise<Map<string, SourceLine>> {
  const records = await Promise.all(idsOf(group).map((id) => readEnds(root, id).catch(() => [])));
  const stacks = records.flat().flatMap((event) => {
    const error = event.type === "finished" || event.type === "retry" ? event.error : undefined;
    return error?.stack === undefined ? [] : [error.stack];
  });
  return placesIn(root, stacks);
}
