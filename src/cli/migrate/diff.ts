import { createTwoFilesPatch } from "diff";
import type { FileStep } from "../../migration/files.ts";
import type { Output } from "../output.ts";
import { folderPath } from "../../model/folderPath.ts";

/** As `git apply` takes it. */
export function printDiff(root: string, steps: readonly FileStep[], output: Output): void {
  for (const { path, before, after } of steps) {
    const name = folderPath(root, path);
    const [from, to] = [
      before === null ? "/dev/null" : `a/${name}`,
      after === null ? "/dev/null" : `b/${name}`,
    ];
    const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "");
    output.line(patch.replace(/^=+\n/, "").replace(/\n$/, ""));
  }
}
