import * as vscode from "vscode";
import { AgentCodeLens } from "./vscode/agentCodeLens.ts";
import { registerAgentHover } from "./vscode/agentHover.ts";
import { registerAgentSymbols } from "./vscode/agentSymbols.ts";
import { AgentFinder } from "./vscode/agentTarget.ts";
import { BatchActions } from "./vscode/batches/batchActions.ts";
import { Batches } from "./vscode/batches/batches.ts";
import { registerRunSelected } from "./vscode/batches/runSelected.ts";
import { registerRunTaskFile } from "./vscode/batches/runTaskFile.ts";
import { CheckpointDocuments } from "./vscode/checkpointDocuments.ts";
import { CheckpointReader } from "./vscode/checkpoints/checkpointReader.ts";
import { CheckpointCounts } from "./vscode/checkpointCounts.ts";
import { DebugRunner } from "./vscode/debug/debugRunner.ts";
import { registerDebugTask } from "./vscode/debug/debugTask.ts";
import { Schemes } from "./vscode/contributions.ts";
import { autoFix } from "./vscode/fixes/autoFix.ts";
import { FailureDiagnostics } from "./vscode/fixes/failureDiagnostics.ts";
import { FixApprovals } from "./vscode/fixes/fixApprovals.ts";
import { FixOffers } from "./vscode/fixes/fixOffers.ts";
import { IndexService } from "./vscode/index/indexService.ts";
import { JsonDocuments } from "./vscode/jsonDocuments.ts";
import { registerLanguageModelTools } from "./vscode/languageModel/languageModelTools.ts";
import { McpServers } from "./vscode/mcpServers.ts";
import { MigrateWorkspace } from "./vscode/migrate/checklist/migrateWorkspace.ts";
import { registerMigrateCodeAction } from "./vscode/migrate/migrateCodeAction.ts";
import { MigrateCommand } from "./vscode/migrate/migrateCommand.ts";
import { MigrationUndo } from "./vscode/migrate/migrationUndo.ts";
import { Recovery } from "./vscode/migrate/recovery.ts";
import { VendoredRuntimes } from "./vscode/migrate/vendoredRuntimes.ts";
import { BatchPanel } from "./vscode/panels/batchPanel.ts";
import { registerCensusPanel } from "./vscode/panels/censusPanel.ts";
import { registerCheckpointsPanel } from "./vscode/panels/checkpointsPanel.ts";
import { ErrorPatternsPanel } from "./vscode/panels/errorPatternsPanel.ts";
import { registerFamiliesPanel } from "./vscode/panels/familiesPanel.ts";
import { MigrationReportPanel } from "./vscode/panels/migrationReportPanel.ts";
import { PerformancePanel } from "./vscode/panels/performancePanel.ts";
import { nodePathOf } from "./vscode/nodePath.ts";
import { CompareCommand } from "./vscode/parity/compareCommand.ts";
import { PatternClient } from "./runs/patterns/client.ts";
import { sharedContext } from "./runs/pipeline/sharedContext.ts";
import { TaskShapes } from "./runs/taskShapes.ts";
import { AgentToolReader } from "./runs/tools/agentToolReader.ts";
import { registerMemoryCommands } from "./vscode/memory/memoryCommands.ts";
import { MemoryDocuments } from "./vscode/memory/memoryDocuments.ts";
import { MemoryView } from "./vscode/memory/memoryView.ts";
import { QueueOfUser } from "./vscode/queue/queueOfUser.ts";
import { QueuePasswords } from "./vscode/queue/queuePasswords.ts";
import { registerWorkerCommands } from "./vscode/queue/workerCommands.ts";
import { WorkersView } from "./vscode/queue/workersView.ts";
import { TaskEditors } from "./vscode/run/editTask.ts";
import { SavedTasks } from "./vscode/run/savedTasks.ts";
import { Secrets } from "./vscode/run/secrets.ts";
import { surroundingsWith } from "./vscode/run/surroundings.ts";
import { RunInputBoxes } from "./vscode/run/runInputs.ts";
import { Runner } from "./vscode/run/runner.ts";
import { registerRunTask } from "./vscode/run/runTask.ts";
import { registerPipelines } from "./vscode/pipelines/pipelines.ts";
import { LeftBehindNotice } from "./vscode/runs/leftBehindNotice.ts";
import { readEarly } from "./vscode/runs/readEarly.ts";
import { registerRunCommands } from "./vscode/runs/runCommands.ts";
import { outputOf, RunDocuments } from "./vscode/runs/runDocuments.ts";
import { RunHistory } from "./vscode/runs/runHistory.ts";
import { RunNotices } from "./vscode/runs/runNotices.ts";
import { RunsStatus } from "./vscode/runs/runsStatus.ts";
import { RunsView } from "./vscode/runs/runsView.ts";
import { StatusBar } from "./vscode/statusBar.ts";
import { registerAgentTasks } from "./vscode/tasks/agentTasks.ts";
import { Telemetry } from "./vscode/telemetry/telemetry.ts";
import { TelemetryHeaders } from "./vscode/telemetry/telemetryHeaders.ts";
import { registerToolCommands } from "./vscode/tools/toolCommands.ts";
import { ToolInputs } from "./vscode/tools/toolInputs.ts";
import { ToolsView } from "./vscode/tools/toolsView.ts";
import { AgentsView } from "./vscode/tree/agentsView.ts";
import { registerWhy } from "./vscode/why/whyCommand.ts";

/** Constructs and connects; nothing starts before it is asked for. The answer serves the tests. */
export function activate(context: vscode.ExtensionContext) {
  const log = vscode.window.createOutputChannel("Agents", { log: true });
  const cacheFolder = vscode.Uri.joinPath(context.globalStorageUri, "index").fsPath;
  const index = new IndexService(context.asAbsolutePath("dist/indexer.cjs"), cacheFolder, log);
  const finder = new AgentFinder(index);
  const hostFile = context.asAbsolutePath("dist/agentHost.cjs");
  const secrets = new Secrets(context.secrets, log);
  const surroundings = surroundingsWith(secrets);
  const approvals = new FixApprovals(context.globalState);
  const patterns = new PatternClient(context.asAbsolutePath("dist/patterns.cjs"));
  const fixes = autoFix(approvals, patterns, context.asAbsolutePath("dist/sandbox.cjs"));
  const queuePasswords = new QueuePasswords(context.secrets, log);
  const queue = new QueueOfUser(queuePasswords, log);
  const runner = new Runner({ hostFile, surroundings, fixes, queue, log });
  const offers = new FixOffers({ runner, book: patterns, approvals, log });
  const debugRunner = new DebugRunner(runner, context.asAbsolutePath("dist"), log);
  const history = new RunHistory(runner, log);
  const runs = new RunsView(history);
  const results = new JsonDocuments(Schemes.result, outputOf);
  const shared = new JsonDocuments(Schemes.shared, (folder, id) => sharedContext(folder.fsPath, id));
  const checkpointReader = new CheckpointReader(context.asAbsolutePath("dist/checkpoints.cjs"), log);
  const checkpointDocuments = new CheckpointDocuments((key) => checkpointReader.fileOf(key));
  const logs = new RunDocuments(history);
  const hostOf = (root: string) => ({
    hostFile,
    nodePath: nodePathOf(vscode.Uri.file(root)),
    fallbackNode: process.execPath,
  });
  const shapes = new TaskShapes(hostOf, surroundings);
  const reader = new AgentToolReader(hostOf, surroundings);
  const toolInputs = new ToolInputs(context.workspaceState);
  const tools = new ToolsView({ index, history, reader, inputs: toolInputs, log });
  const memory = new MemoryView(log);
  const memoryDocuments = new MemoryDocuments();
  const savedTasks = new SavedTasks(log);
  const inputs = new RunInputBoxes(context.workspaceState, shapes, savedTasks);
  const batches = new Batches({
    runner,
    isWatched: () => runs.watched,
    showTable: (batch) => batchPanel.show(batch),
    log,
  });
  const batchActions = new BatchActions({ runner, history, finder, batches, memory: context.workspaceState });
  const batchPanel = new BatchPanel({
    ...{ history, actions: batchActions, results, logs, memory: context.workspaceState },
    ...{ extension: context.extensionUri, log },
  });
  const taskEditors = new TaskEditors(inputs, runner, log);
  const recovery = new Recovery(log);
  const runtimes = new VendoredRuntimes(context.asAbsolutePath("dist/core"), log);
  const undo = new MigrationUndo(index, recovery, log);
  const reports = new MigrationReportPanel(index, undo, context.workspaceState, context.extensionUri, log);
  const checkFile = context.asAbsolutePath("dist/typeCheck.cjs");
  const many = new MigrateWorkspace({ index, recovery, runtimes, reports, checkFile, log });
  const migrate = new MigrateCommand({ index, finder, undo, recovery, runtimes, many, log });
  const view = new AgentsView(index, context.workspaceState, log);
  const checkpoints = new CheckpointCounts(log);
  const headers = new TelemetryHeaders(context.secrets, log);
  const mcpServers = new McpServers(context.asAbsolutePath("dist/cli.cjs"), surroundings);
  context.subscriptions.push(
    log,
    index,
    // Before the runner: what is at work when that ends was left behind.
    new LeftBehindNotice({ runner, isWatched: () => runs.watched, memory: context.workspaceState, log }),
    runner,
    queuePasswords,
    queue,
    new WorkersView(queue, log),
    registerWorkerCommands(queue, log),
    headers,
    new Telemetry({ runner, headers, log }),
    history,
    readEarly(history, log),
    runs,
    results,
    shared,
    checkpointDocuments,
    logs,
    approvals,
    offers,
    new FailureDiagnostics(offers, history),
    new RunNotices({ runner, isWatched: () => runs.watched, fixes: offers, results, log }),
    new RunsStatus(history),
    registerRunCommands({
      ...{ view: runs, history, runner, debugRunner, finder, editors: taskEditors, logs, results, log },
      ...{ shared, checkpoints: checkpointDocuments, savedTasks },
      batches: batchActions,
      showTable: (batch) => batchPanel.show(batch),
    }),
    batchPanel,
    recovery,
    runtimes,
    undo,
    reports,
    many,
    view,
    checkpoints,
    new StatusBar(index),
    new AgentCodeLens(index, checkpoints, log),
    registerAgentHover(index, log),
    registerAgentSymbols(index, log),
    registerWhy(index, log),
    registerMigrateCodeAction(index),
    migrate,
    new CompareCommand({ index, finder, inputs, previews: migrate.previews, hostFile, surroundings }, log),
    registerRunTask({ finder, inputs, runner, selection: () => view.selection, log }),
    registerDebugTask(finder, inputs, debugRunner, log),
    registerRunSelected({
      ...{ finder, selection: () => view.selection, inputs, shapes, memory: context.workspaceState },
      ...{ batches, log },
    }),
    registerRunTaskFile({ index, finder, inputs, shapes, batches, memory: context.workspaceState, log }),
    registerPipelines({ index, runner, log }),
    taskEditors,
    secrets,
    { dispose: () => Promise.all([shapes.dispose(), reader.dispose()]) },
    tools,
    registerToolCommands({ view: tools, finder, inputs: toolInputs, runner, results, log }),
    memory,
    memoryDocuments,
    registerMemoryCommands({ view: memory, documents: memoryDocuments, log }),
    checkpointReader,
    registerCheckpointsPanel({
      ...{
        reader: checkpointReader,
        documents: checkpointDocuments,
        index,
        finder,
        runner,
        history,
        logs,
        log,
      },
      extension: context.extensionUri,
    }),
    registerAgentTasks({ index, inputs, runner, log }),
    registerLanguageModelTools({ index, runner, log }),
    mcpServers.register(),
    new ErrorPatternsPanel(patterns, logs, context.extensionUri, log),
    new PerformancePanel({
      ...{ index, history, memory: context.workspaceState, extension: context.extensionUri, log },
      workerFile: context.asAbsolutePath("dist/performance.cjs"),
    }),
    registerCensusPanel(index, context.extensionUri, log),
    registerFamiliesPanel(index, context.extensionUri, log),
  );
  return { index, history, mcpServers, runner, debugRunner, view, taskEditors };
}
