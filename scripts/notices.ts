import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

const packageFolder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Writes the licences of everything that ended up inside a bundle, or is copied from a package's folder. */
export function writeNotices(metafiles: readonly Metafile[], copied: readonly string[]): void {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set([...inputs.flatMap((input) => packageFolder.exec(input)?.[1] ?? []), ...copied]);
  const notices = [...folders].sort().map(noticeOf);
  writeFileSync("dist/THIRD_PARTY_NOTICES.txt", notices.join(`\n${"-".repeat(80)}\n\n`));
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  const licences = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const texts = licences.map((name) => join(folder, name)).filter((path) => existsSync(path));
  const heading = `${String(manifest["name"])} ${String(manifest["version"])} (${String(manifest["license"])})\n`;
  return [heading, ...texts.map((path) => readFileSync(path, "utf8").trim()), ""].join("\n");
}
