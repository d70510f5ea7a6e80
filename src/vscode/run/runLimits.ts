import * as vscode from "vscode";
import { usualLimits, type RunLimits } from "../../model/runLimits.ts";
import { Settings } from "../contributions.ts";

/** As a run is started with them. */
interface Limits extends Omit<RunLimits, "timeoutMs"> {
  retries: number;
  timeoutMs: number | undefined;
}

/** What the settings of a folder allow each of its runs. Values that no setting may have count as the nearest that it may. */
export function runLimitsOf(folder: vscode.ConfigurationScope): Limits {
  const settings = vscode.workspace.getConfiguration(undefined, folder);
  const read = (id: string, usual: number, least: number): number => {
    const value = settings.get<unknown>(id, usual);
    return typeof value === "number" && Number.isFinite(value) ? Math.max(least, value) : usual;
  };
  const seconds = read(Settings.timeoutSeconds, 0, 0);
  return {
    retries: Math.round(read(Settings.retries, 0, 0)),
    timeoutMs: seconds > 0 ? Math.max(1, Math.round(seconds * 1000)) : undefined,
    memoryMb: Math.round(read(Settings.memoryMb, usualLimits.memoryMb, 16)),
    logMb: read(Settings.logMb, usualLimits.logMb, 0.1),
    resultMb: read(Settings.resultMb, usualLimits.resultMb, 0.1),
  };
}
