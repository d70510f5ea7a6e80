/** Replaces each `var(--name, fallback)` by what it stands for, so that a drawing can leave the page. */
export function withRealColours(text: string, valueOf: (name: string) => string): string {
  const innermost = /var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*(?:\([^()]*\))?[^()]*))?\)/g;
  for (let before = "", now = text; ; now = before) {
    before = now.replace(innermost, (_, name: string, fallback?: string) => {
      const value = valueOf(name).trim();
      return value === "" ? (fallback ?? "none").trim() : value.replaceAll('"', "'");
    });
    if (before === now) return now;
  }
}
