import { validateHeaderName, validateHeaderValue } from "node:http";

/** Reads "NAME=value,NAME=value", as `OTEL_EXPORTER_OTLP_HEADERS` has it; null where the text is something else. */
export function parseHeaders(text: string): Record<string, string> | null {
  const headers: Record<string, string> = {};
  for (const part of text.split(",").filter((each) => each.trim() !== "")) {
    const [name = "", ...rest] = part.split("=");
    try {
      const value = decodeURIComponent(rest.join("=").trim());
      validateHeaderName(name.trim());
      validateHeaderValue(name, value);
      if (value === "") return null;
      headers[name.trim()] = value;
    } catch {
      return null;
    }
  }
  return headers;
}
