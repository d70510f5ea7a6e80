const longestLine = 500;

/** What takes no room, moves what is shown, or looks like a space and is none. Tabs and ends of lines are all right. */
const unseen = /(?![ \t\n])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Why the code of a solution may be neither approved nor run, as the end of a sentence: a terminal or an editor would not show
 * all that runs. Null where what is shown is what runs.
 */
export function codeProblem(code: string): string | null {
  const lines = code.replaceAll("\r\n", "\n").split("\n");
  for (const [index, line] of lines.entries()) {
    const [found] = unseen.exec(line) ?? [];
    if (found !== undefined)
      return `its line ${index + 1} holds ${codePoint(found)}, which is not shown as what it is`;
    if (line.length > longestLine) return `its line ${index + 1} is longer than ${longestLine} characters`;
  }
  return null;
}

/** JSON in which all is shown as what it is. */
export const withEscapes = (json: string): string =>
  json.replace(new RegExp(unseen, "gu"), (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );

const longestWords = 300;

/** The words of a solution in a sentence: of whatever a file has there, all that is shown is seen, and it makes no lines of its own. */
export function inSentence(words: string): string {
  const line = withEscapes(
    words
      .slice(0, 2 * longestWords)
      .replace(/\s+/g, " ")
      .trim(),
  );
  return line.length > longestWords ? `${line.slice(0, longestWords - 1)}…` : line;
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
