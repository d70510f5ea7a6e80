/** Names of the file that makes agents with constructor parameters, the first that is there. */
export const setupFileNames = ["ts", "mts", "js", "mjs", "cjs"].map(
  (extension) => `agents.setup.${extension}`,
);

/** Whether the text of a setup file has a factory for a class. Only running it would tell for sure. */
export function hasFactory(text: string, name: string): boolean {
  const own = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").replace(/\bimport\b[^;]*?\bfrom\b[^;\n]*/g, "");
  const written = name.replace(/[^\w]/g, "\\$&");
  return new RegExp(`(?<!new\\s+)(?<![\\w$.])["']?${written}["']?\\s*[:(]`).test(own);
}
