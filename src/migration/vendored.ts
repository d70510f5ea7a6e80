import { createHash } from "node:crypto";
import * as z from "zod";

/** The library's core bundle, the files a project's code and type checker load. */
export const coreFiles = ["core.mjs", "core.cjs", "core.d.mts", "core.d.cts"] as const;
export type CoreFile = (typeof coreFiles)[number];

export const markerFile = "opsvi-agents.json";

/** Tells a vendored folder of ours from a foreign one. */
export const Marker = z.object({
  name: z.literal("opsvi-agents"),
  version: z.string(),
  /** SHA-256 (hex) by file name, of the text with LF line endings. */
  files: z.record(z.string(), z.string()),
});
export type Marker = z.infer<typeof Marker>;

export function parseMarker(text: string): Marker | null {
  try {
    return Marker.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Every file of the vendored folder, by name. */
export function vendoredFiles(core: Record<CoreFile, string>, version: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of coreFiles) files.set(name, header(name, version) + core[name].replaceAll("\r\n", "\n"));
  // Prettier has no comment that excludes a file, but this makes it skip all without a pragma.
  files.set(".prettierrc.json", '{ "requirePragma": true }\n');
  files.set("README.md", readme(version));
  const hashes = Object.fromEntries([...files].map(([name, text]) => [name, sha256(text)]));
  const marker: Marker = { name: "opsvi-agents", version, files: hashes };
  files.set(markerFile, `${JSON.stringify(marker, null, 2)}\n`);
  return files;
}

/** Keeps linters, type checkers and coverage tools of the project from looking into generated code. */
function header(name: CoreFile, version: string): string {
  const lines = [
    `/*! opsvi-agents ${version}, MIT License. @generated: do not edit. */`,
    "/* eslint-disable */",
    "// biome-ignore-all lint: generated",
    "// biome-ignore-all format: generated",
  ];
  if (!name.includes(".d.")) lines.push("/* istanbul ignore file */", "// @ts-nocheck");
  return `${lines.join("\n")}\n`;
}

function readme(version: string): string {
  return `# opsvi-agents ${version}

The part of opsvi-agents that migrated agent classes import: BaseAgent and the adapter, without dependencies, as ES module
(\`core.mjs\`) and CommonJS (\`core.cjs\`). Commit this folder with the code that imports it, and ship it along: it is found
through a relative path, also from built output.

Do not edit it. Undoing the last migration removes it.
`;
}
