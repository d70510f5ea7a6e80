import ts from "typescript";
import type { LabelledLog } from "./labelledLogs.ts";

interface Diagnostic {
  code: number;
  category: number;
  message: string;
}

const values: readonly ((n: number) => string)[] = [
  (n) => ["user", "total", "Config", "handler", "itemCount", "Agent", "store", "options"][n % 8] ?? "",
  (n) => ["string", "number", "Promise<void>", "string[]", "Map<string, Item>", "undefined"][n % 6] ?? "",
  (n) => `src/${["api", "ui", "core"][n % 3] ?? ""}/file${n % 40}.ts`,
  (n) => String(n % 17),
];

/**
 * Messages of the TypeScript compiler with their numbers as labels: each of its errors some times, with names, types and files
 * of our own where it has arguments. So they are made, but of texts that were written for people, much alike, and that no
 * one tuned anything by.
 */
export function compilerMessages(): LabelledLog | null {
  const { Diagnostics } = ts as unknown as { Diagnostics?: Record<string, Diagnostic> };
  if (Diagnostics === undefined) return null;
  const log: LabelledLog = { name: "tsc (made)", messages: [], labels: [] };
  for (const { code, category, message } of Object.values(Diagnostics)) {
    if (category !== 1) continue;
    for (let i = 0; i < 4; i += 1) {
      const filled = message.replace(/\{(\d)\}/g, (_, at) => {
        const value = values[(code + Number(at)) % values.length];
        return value?.(code * 7 + i * 3 + Number(at) * 5) ?? "";
      });
      log.messages.push(filled);
      log.labels.push(String(code));
    }
  }
  return log;
}
