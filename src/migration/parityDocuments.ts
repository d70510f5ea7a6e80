import { differencesOf } from "./parityDifferences.ts";
import type { ParityReport, ParityResult, ParitySide } from "../model/parity.ts";

const varies = "(varies by itself)";

/** What each side did, as two JSON documents that differ where the sides do. */
export function parityDocuments({ tasks }: ParityReport): { legacy: string; adapter: string } {
  const sections = tasks.map((result) => ({
    legacy: sectionOf(result, result.legacy),
    adapter: inOrderOf(sectionOf(result, result.legacy), sectionOf(result, result.adapter)),
  }));
  const text = (side: "legacy" | "adapter") =>
    `${JSON.stringify(
      sections.map((section) => section[side]),
      null,
      2,
    )}\n`;
  return { legacy: text("legacy"), adapter: text("adapter") };
}

/** The same keys for both; what the class does differently each time is not shown. */
function sectionOf(result: ParityResult, side: ParitySide): unknown {
  const { task, args, differences, legacy, adapter } = result;
  const { end, value, error, task: after, after: state } = side;
  const seen: Record<string, unknown> = structuredClone({
    ...{ end, value, error, state, task: after },
  });
  for (const { path, excuse } of differences) if (excuse === "varies by itself") hide(seen, path.split("."));
  const { task: left, ...rest } = seen;
  const changed = [legacy, adapter].some(
    ({ task: other }) => other !== undefined && differencesOf(task, other).length > 0,
  );
  return {
    ...{ task, ...(args.length > 0 && { arguments: args }), ...rest },
    ...(changed && { "task afterwards": left }),
  };
}

function hide(value: unknown, [key = "", ...path]: string[]): void {
  if (typeof value !== "object" || value === null || !(key in value)) return;
  const at: unknown = Reflect.get(value, key);
  const hidden = path.length === 0 || (path.length === 1 && path[0] === "length" && Array.isArray(at));
  if (hidden) Reflect.set(value, key, varies);
  else hide(at, path);
}

/** The order of keys is no difference. */
function inOrderOf(model: unknown, value: unknown): unknown {
  if (Array.isArray(model) && Array.isArray(value))
    return value.map((item: unknown, index) => inOrderOf(model[index], item));
  if (!isRecord(model) || !isRecord(value)) return value;
  const keys = [...Object.keys(model).filter((key) => key in value), ...Object.keys(value)];
  return Object.fromEntries([...new Set(keys)].map((key) => [key, inOrderOf(model[key], value[key])]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
