import * as vscode from "vscode";
import * as z from "zod";
import { runName } from "../../model/agentRef.ts";
import { CheckpointKey, CheckpointQuery, PruneRequest } from "../../model/checkpoints.ts";
import {
  RunKey,
  type CheckpointsHost,
  type CheckpointsPage,
  type CheckpointsState,
  type CheckpointsView,
} from "../../model/checkpointsPanel.ts";
import { stateVersionsOf } from "../../model/stateVersions.ts";
import { readRun } from "../../runs/readRun.ts";
import type { AgentFinder } from "../agentTarget.ts";
import {
  inBackground,
  isCancellation,
  Notice,
  registerCommand,
  sentenceFor,
  showFailure,
  type Log,
} from "../answers.ts";
import type { CheckpointDocuments } from "../checkpointDocuments.ts";
import { CheckpointFiles } from "../checkpoints/checkpointFiles.ts";
import { folderNamed, type CheckpointReader } from "../checkpoints/checkpointReader.ts";
import { Comparing } from "../checkpoints/comparing.ts";
import { ForkEditors } from "../checkpoints/forkEditors.ts";
import { GoingOn } from "../checkpoints/goingOn.ts";
import { Commands, Panels, Settings } from "../contributions.ts";
import { Disposables } from "../disposables.ts";
import type { IndexService } from "../index/indexService.ts";
import type { Runner } from "../run/runner.ts";
import type { RunDocuments } from "../runs/runDocuments.ts";
import type { RunHistory } from "../runs/runHistory.ts";
import { isTrustedFor } from "../trust.ts";
import { Panel } from "./panel.ts";

interface Parts {
  reader: CheckpointReader;
  documents: CheckpointDocuments;
  index: IndexService;
  finder: AgentFinder;
  runner: Runner;
  history: RunHistory;
  logs: RunDocuments;
  extension: vscode.Uri;
  log: Log;
}

/** While the panel is in sight. */
const LOOK_MS = 3_000;

const Job = z.string();
const Keys = z.array(CheckpointKey).min(1);

/** Agents: Show Checkpoints. */
export function registerCheckpointsPanel(parts: Parts): Disposables {
  const { reader, documents, index, finder, runner, history, logs, extension, log } = parts;
  const owned = new Disposables();
  const comparing = owned.add(new Comparing({ reader, runner, history }));
  const goingOn = new GoingOn({ reader, runner, finder, index });
  const forks = owned.add(new ForkEditors(reader, goingOn, log));
  const files = new CheckpointFiles(reader, log);
  const call = async () => (await reader.client()).call;
  const declare = () => reader.declare(stateVersions(index));
  /** Long work of the page's: it is told how far it is, and cancels it by its name. */
  const job = async <T>(
    name: unknown,
    work: Parameters<Awaited<ReturnType<typeof reader.client>>["run"]>[0],
  ): Promise<T | null> => {
    const client = await reader.client();
    const id = Job.parse(name);
    const onProgress = (done: number, total: number) => void panel.page?.progress.asEvent(id, done, total);
    try {
      return (await client.run(work, { onProgress }, id)) as T;
    } catch (error) {
      if (isCancellation(error)) return null;
      throw error;
    }
  };
  const panel: Panel<CheckpointsState, CheckpointsHost, CheckpointsPage> = owned.add(
    new Panel<CheckpointsState, CheckpointsHost, CheckpointsPage>(
      {
        type: Panels.checkpoints,
        title: "Checkpoints",
        script: "checkpoints",
        read: () => {
          // Classes tell whether what is kept has to be migrated.
          if (!index.started) inBackground(log, index.ready());
          return Promise.resolve({ rows: [{ folders: reader.folders }], notes: [] });
        },
        prepare: async () => {
          declare();
          return (await call()).query(CheckpointQuery.parse({ order: "branches" }));
        },
        functions: {
          query: async (query) => (await call()).query(CheckpointQuery.parse(query)),
          rows: async (version, from, count) => (await call()).rows(version, from, count),
          rowOf: async (version, key) => (await call()).rowOf(version, CheckpointKey.parse(key)),
          search: (name, query, text) =>
            job(name, (functions, id) =>
              functions.search(id, CheckpointQuery.parse(query), z.string().parse(text)),
            ),
          cancel: async (name) => (await call()).cancel(Job.parse(name)),
          detail: async (key) =>
            (await call())
              .detail(CheckpointKey.parse(key))
              .catch((error: unknown) => sentenceFor(error, log)),
          open: async (key) => {
            const { folder, id } = CheckpointKey.parse(key);
            await documents.show(vscode.Uri.parse(folder), id);
          },
          openRun: (run) => openRun(RunKey.parse(run), logs),
          compare: async (key) => {
            const comparison = await comparing.compare(CheckpointKey.parse(key));
            if (comparison === null) return null;
            const { a, b, added, removed, changed, differences, truncated } = comparison;
            return { a, b, added, removed, changed, differences, truncated };
          },
          showDifference: () => comparing.show(),
          restore: async (key) => {
            if (!isTrustedFor("Restoring a checkpoint")) return null;
            const restored = await (await call()).restore(CheckpointKey.parse(key));
            void offerUndo(reader, restored).catch((error: unknown) => showFailure(error, log));
            return restored;
          },
          resume: async (key) => {
            if (isTrustedFor("Running an agent")) await goingOn.resume(CheckpointKey.parse(key));
          },
          fork: async (key) => {
            if (isTrustedFor("Running an agent")) await forks.edit(CheckpointKey.parse(key));
          },
          setPinned: async (key, pinned) => {
            if (isTrustedFor("Pinning a checkpoint"))
              await (await call()).setPinned(CheckpointKey.parse(key), pinned);
          },
          export: (keys) => files.export(Keys.parse(keys)),
          import: () => files.import(),
          remove: (keys) => files.remove(Keys.parse(keys)),
          prunePreview: (name, request) =>
            job(name, (functions, id) => functions.prunePreview(id, PruneRequest.parse(request))),
          prune: async (name, shown) =>
            isTrustedFor("Pruning checkpoints")
              ? job(name, (functions, id) => functions.pruneShown(id, z.string().parse(shown)))
              : null,
          openRetentionSetting: async () => {
            await vscode.commands.executeCommand("workbench.action.openSettings", Settings.retention);
          },
          runTask: async () => {
            await vscode.commands.executeCommand(Commands.runTask);
          },
        },
      },
      extension,
      log,
    ),
  );
  owned.add(reader.onDidChange(() => panel.refresh()));
  owned.add(
    index.onDidChange(() => {
      if (panel.isOpen) declare();
    }),
  );
  const looking = setInterval(() => {
    if (panel.page !== null) reader.look();
  }, LOOK_MS);
  owned.add({ dispose: () => clearInterval(looking) });
  owned.add(registerCommand(log, Commands.showCheckpoints, () => panel.show()));
  owned.add(
    registerCommand(log, Commands.showAgentCheckpoints, async (argument, selected) => {
      const refusal = "the panel shows those of one agent or of all: select one.";
      const agent = await finder.find(argument, { atCursor: true, selected, refusal });
      if (agent === undefined) return;
      const { file_path: file, name } = agent.record;
      const folder = agent.folder.uri.toString();
      panel.show({ agent: runName({ file, name }), folder } satisfies CheckpointsView);
    }),
  );
  return owned;
}

/** By folder and agent. */
const stateVersions = ({ folders }: IndexService): Record<string, Record<string, number>> =>
  Object.fromEntries(
    folders.map(({ folder, snapshot }) => [folder.uri.toString(), stateVersionsOf(snapshot?.agents ?? [])]),
  );

async function openRun({ folder, runId }: RunKey, logs: RunDocuments): Promise<void> {
  const { uri } = folderNamed(folder);
  const [queued] = await readRun(uri.fsPath, runId);
  if (queued?.type !== "queued") throw new Notice("The record of this run is no longer there.");
  await logs.show({ folder: { uri: folder }, summary: { runId, agent: queued.agent } });
}

/** What was restored is only added: to take it back is to remove that. */
async function offerUndo(reader: CheckpointReader, restored: CheckpointKey): Promise<void> {
  const answer = await vscode.window.showInformationMessage(
    "Restored: it is the newest checkpoint of its agent again, and none before it has changed.",
    "Undo",
  );
  if (answer !== "Undo") return;
  const client = await reader.client();
  await client.run((functions, job) => functions.remove(job, [restored]));
}
