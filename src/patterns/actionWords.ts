/** What an action of a solution does, in words; null for none, or one that is not known here. */
export function actionWords(action: unknown): string | null {
  if (typeof action !== "object" || action === null) return null;
  const { type, delayMs, factor, ms, concurrency, label, from, to } = action as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 100) : "");
  switch (type) {
    case "retryLater":
      return `runs again after ${Number(delayMs)} ms`;
    case "longerTimeout":
      return ms === undefined
        ? `runs with ${Number(factor)} times the time limit`
        : `runs with a time limit of ${Number(ms)} ms`;
    case "lowerConcurrency":
      return `runs at most ${Number(concurrency)} at a time`;
    case "patch":
      return "changes task or context";
    case "reinitialise":
      return "runs with a new instance";
    case "restoreCheckpoint":
      return label === undefined
        ? "goes on from the last checkpoint"
        : `goes on from checkpoint ${text(label)}`;
    case "switchTool":
      return `uses tool ${text(to)} in place of ${text(from)}`;
    case "code":
      return "changes task or context by code, in the sandbox";
    default:
      return null;
  }
}
