import { execFileSync } from "node:child_process";

/** Packs once for all tests of this folder. */
export default function pack(): void {
  execFileSync(process.execPath, ["scripts/package.ts"], { stdio: ["ignore", "ignore", "inherit"] });
}
