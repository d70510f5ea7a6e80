const folder = "node_modules/typescript";

/** While this file is there, the compiler waits as soon as what it holds stands in `watched`. */
export const holdFile = `${folder}/hold`;
/** The id of the process that has started the compiler. */
export const checkerFile = `${folder}/checker`;

/** A project's own compiler that finds no errors, and waits as long as a test wants. */
export const waitingCompiler = (watched: string): Record<string, string> => ({
  [`${folder}/package.json`]: '{ "name": "typescript", "version": "7.0.0", "bin": { "tsc": "tsc.js" } }\n',
  [`${folder}/tsc.js`]: `const { readFileSync, writeFileSync } = require("node:fs");
writeFileSync("${checkerFile}", String(process.ppid));
const held = () => {
  try {
    return readFileSync("${watched}", "utf8").includes(readFileSync("${holdFile}", "utf8"));
  } catch {
    return false;
  }
};
const wait = () => held() && setTimeout(wait, 50);
wait();
`,
});
