import { useEffect, useState } from "preact/hooks";

/** The first of the theme's variables that it sets. */
export function themeColour(...names: string[]): string {
  const style = getComputedStyle(document.documentElement);
  for (const name of names) {
    const value = style.getPropertyValue(name).trim();
    if (value !== "") return value;
  }
  return "transparent";
}

/** Another number for each theme: what is drawn on a canvas is drawn anew. */
export function useTheme(): number {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme((before) => before + 1));
    // VS Code sets the variables first, and then the class of the body.
    observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    return () => observer.disconnect();
  }, []);
  return theme;
}
