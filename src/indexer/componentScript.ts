const SCRIPT = /<script\b(?:[^>"']|"[^"]*"|'[^']*')*>([^]*?)<\/script\s*>/gi;
const TYPED = /<script\b[^>]*\blang\s*=\s*["']?tsx?\b/i;

export const isTypedComponent = (text: string): boolean => TYPED.test(text);

/** The scripts of a component where they stand: all else is blank, so that lines and columns stay right. */
export function componentScript(text: string): string {
  let script = "";
  for (const match of text.matchAll(SCRIPT)) {
    const code = match[1] ?? "";
    const start = match.index + match[0].lastIndexOf("</") - code.length;
    script += blank(text.slice(script.length, start)) + code;
  }
  return script + blank(text.slice(script.length));
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, " ");
