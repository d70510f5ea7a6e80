import { counted } from "../../../model/counted.ts";
import type { PlanResult } from "../../../model/migrationPlan.ts";
import type { PreparedClass, PreparedFolder } from "./prepared.ts";

export type Readiness = "ready" | "choice" | "cannot";

interface NodeBase {
  /** Stable while the checklist is shown. */
  id: string;
  label: string;
  description: string;
  tooltip: string;
  /** Null where there is no box. */
  checked: boolean | null;
  folder: PreparedFolder;
  parent: ChecklistNode | null;
  children: ChecklistNode[];
}

/** A row of the checklist as plain data. */
export type ChecklistNode = NodeBase &
  (
    | { kind: "folder" }
    | { kind: "group"; readiness: Readiness }
    | { kind: "class"; readiness: Readiness; prepared: PreparedClass }
  );

const titles: Record<Readiness, string> = {
  ready: "Ready",
  choice: "Needs a choice",
  cannot: "Cannot",
};

const meanings: Record<Readiness, string> = {
  ready: "Checked classes are migrated; select one to see what changes.",
  choice: "Name the method that takes tasks: select a class.",
  cannot: "These stay as they are; each says why.",
};

export function readinessOf({ status }: PlanResult): Readiness {
  return status === "ready" || status === "choice" ? status : "cannot";
}

/** By readiness; a level of folders where there are several. */
export function checklistNodes(folders: readonly PreparedFolder[]): ChecklistNode[] {
  const [only] = folders;
  if (folders.length === 1 && only !== undefined) return groupsOf(only, null);
  const shared = sharedWays(folders);
  return folders.map((folder) => {
    const ways = folder.chosen.length > 0 ? waysOf(folder).filter((way) => !shared.includes(way)) : [];
    const node: ChecklistNode = {
      ...{ kind: "folder", id: folder.root, label: folder.name, folder, parent: null },
      description: [counted(folder.chosen.length, "class", "classes"), ...ways].join(" · "),
      // The row is cut off where the side bar is narrow.
      tooltip: [folder.root, ...ways].join("\n"),
      checked: null,
      children: [],
    };
    node.children = groupsOf(folder, node);
    return node;
  });
}

function groupsOf(folder: PreparedFolder, parent: ChecklistNode | null): ChecklistNode[] {
  return (Object.keys(titles) as Readiness[]).flatMap((readiness) => {
    const classes = folder.classes.filter(({ result }) => readinessOf(result) === readiness);
    if (classes.length === 0) return [];
    const group: ChecklistNode = {
      ...{ kind: "group", readiness, folder, parent },
      id: `${folder.root}|${readiness}`,
      label: `${titles[readiness]} (${classes.length})`,
      description: "",
      tooltip: meanings[readiness],
      checked: readiness === "ready" ? classes.every(({ checked }) => checked) : null,
      children: [],
    };
    group.children = classes.map((prepared) => classNode(folder, readiness, prepared, group));
    return [group];
  });
}

function classNode(
  folder: PreparedFolder,
  readiness: Readiness,
  prepared: PreparedClass,
  parent: ChecklistNode,
): ChecklistNode {
  const { file_path, name, line, result, checked } = prepared;
  const reason = result.status === "ready" ? null : result.reason;
  const place = `${file_path}, line ${line}`;
  const { method } = prepared.request;
  return {
    ...{ kind: "class", readiness, prepared, folder, parent },
    id: `${folder.root}|${file_path}#${name}`,
    label: name,
    description: reason ?? [method === undefined ? "" : `${method}()`, file_path].filter(Boolean).join(" · "),
    tooltip: reason === null ? place : `${reason}\n${place}`,
    checked: readiness === "ready" ? checked : null,
    children: [],
  };
}

/** What Apply will do, in the message above the rows. */
export function checklistMessage(folders: readonly PreparedFolder[]): string {
  const chosen = folders.flatMap((folder) => folder.chosen.map((each) => ({ folder, each })));
  if (chosen.length === 0) {
    const some = folders.some(({ classes }) => classes.some(({ result }) => result.status !== "refused"));
    return some
      ? "Nothing is checked: check the classes to migrate."
      : "None of these classes can be migrated: each says why.";
  }
  const files = new Set(chosen.map(({ folder, each }) => `${folder.root}/${each.file_path}`)).size;
  return [
    `${counted(chosen.length, "class", "classes")} in ${counted(files, "file")}`,
    ...sharedWays(folders),
  ].join(" · ");
}

/** What is done alike in all folders where something is done; the others say it of themselves. */
function sharedWays(folders: readonly PreparedFolder[]): string[] {
  const [first = [], ...others] = folders.filter(({ chosen }) => chosen.length > 0).map(waysOf);
  return first.filter((way) => others.every((ways) => ways.includes(way)));
}

function waysOf(folder: PreparedFolder): string[] {
  const { verify, commit } = folder.options;
  return [
    runtimeOf(folder),
    verify ? "types verified" : "types not verified",
    commit ? "committed one by one" : "",
  ].filter(Boolean);
}

function runtimeOf({ shared }: PreparedFolder): string {
  if (shared.length === 0) return "";
  return shared.some(({ before }) => before === null) ? "vendored runtime" : "opsvi-agents in package.json";
}
