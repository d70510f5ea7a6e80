import type { TypeProblem } from "../model/typeCheck.ts";

const problem =
  /^(?:(?<path>.+?)\((?<line>\d+),(?<character>\d+)\): )?(?:error|fatal error) TS(?<code>\d+): (?<message>.*)$/;

/**
 * What `tsc --pretty false` prints.
 * @param relative from a path as printed to one relative to the workspace folder
 */
export function parseTscOutput(output: string, relative: (path: string) => string): TypeProblem[] {
  const problems: TypeProblem[] = [];
  for (const row of output.split(/\r?\n/)) {
    const { path, line, character, code, message = "" } = problem.exec(row)?.groups ?? {};
    const last = problems.at(-1);
    if (code !== undefined) {
      const place =
        path === undefined
          ? { path: null, line: 0, character: 0 }
          : { path: relative(path), line: Number(line), character: Number(character) };
      problems.push({ ...place, code: Number(code), message });
    } else if (last !== undefined && row.startsWith(" ")) last.message += `\n${row}`;
  }
  return problems;
}
