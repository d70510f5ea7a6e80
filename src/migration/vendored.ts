import { createHash } from "node:crypto";
import * as z from "zod";
import { sourceTexts } from "./vendoredSource.ts";

/** The library's core bundle, the files a project's code and type checker load. */
export const coreFiles = ["core.mjs", "core.cjs", "core.d.mts", "core.d.cts"] as const;
export type CoreFile = (typeof coreFiles)[number];

/** The bundle as it is, or TypeScript that the project's own compiler writes along with the code that imports it. */
export type VendoredForm = "bundle" | "source";

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

export const markerText = (marker: Marker): string => `${JSON.stringify(marker, null, 2)}\n`;

export function formOf(marker: Marker): VendoredForm {
  return "core.ts" in marker.files ? "source" : "bundle";
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Every file of a vendored folder, by name. */
export function vendoredFiles(
  form: VendoredForm,
  core: Record<CoreFile, string>,
  version: string,
): Map<string, string> {
  const texts = form === "bundle" ? core : sourceTexts(core["core.mjs"], core["core.d.mts"]);
  const files = new Map<string, string>();
  for (const [name, text] of Object.entries(texts)) {
    files.set(name, header(name, version) + text.replaceAll("\r\n", "\n"));
  }
  // Prettier has no comment that excludes a file, but this makes it skip all without a pragma.
  files.set(".prettierrc.json", '{ "requirePragma": true }\n');
  files.set("README.md", readme(form, version));
  const hashes = Object.fromEntries([...files].map(([name, text]) => [name, sha256(text)]));
  const marker: Marker = { name: "opsvi-agents", version, files: hashes };
  files.set(markerFile, markerText(marker));
  return files;
}

/** Keeps linters, type checkers and coverage tools of the project from looking into generated code. */
function header(name: string, version: string): string {
  const lines = [
    `/*! opsvi-agents ${version}, MIT License. @generated: do not edit. */`,
    "/* eslint-disable */",
    "// biome-ignore-all lint: generated",
    "// biome-ignore-all format: generated",
  ];
  if (!name.includes(".d.")) lines.push("/* istanbul ignore file */", "// @ts-nocheck");
  return `${lines.join("\n")}\n`;
}

const readmes: Record<VendoredForm, string> = {
  bundle: `as ES module
(\`core.mjs\`) and CommonJS (\`core.cjs\`). Commit this folder with the code that imports it, and ship it along: it is found
through a relative path, also from built output.`,
  source: `as TypeScript
(\`core.ts\`). Commit this folder with the code that imports it: the compiler writes it to the output along with that code.`,
};

function readme(form: VendoredForm, version: string): string {
  return `# opsvi-agents ${version}

The part of opsvi-agents that migrated agent classes import: BaseAgent and the adapter, without dependencies, ${readmes[form]}

Do not edit it. Undoing the last migration removes it.
`;
}
