import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Messages whose true groups are known. */
export interface LabelledLog {
  /** Of the system that wrote them, for example "HDFS". */
  name: string;
  messages: string[];
  /** The true group of each. */
  labels: string[];
}

/** Reads every CSV file in a folder, and in folders of it, that has the columns Content and EventId, as those of LogHub have. */
export function labelledLogs(folder: string): LabelledLog[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /structured.*\.csv$/.test(file))
    .sort();
  return files.flatMap((file) => {
    const [head = [], ...rows] = csvRows(readFileSync(join(folder, file), "utf8").replace(/^\uFEFF/, ""));
    const [content, event] = [head.indexOf("Content"), head.indexOf("EventId")];
    if (content === -1 || event === -1) return [];
    return {
      name: basename(file).replace(/_.*$/, ""),
      messages: rows.map((row) => row[content] ?? ""),
      labels: rows.map((row) => row[event] ?? ""),
    };
  });
}

function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end = ""] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}
