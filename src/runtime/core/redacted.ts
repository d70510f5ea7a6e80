/** Stands in stored data where a secret was. */
export const REDACTED = "[redacted]";
