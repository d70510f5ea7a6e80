interface Span {
  record: { lineno: number; end_line: number };
}

/** The innermost class around a line (counted from 1). */
export function agentAtLine<T extends Span>(agents: readonly T[], line: number): T | undefined {
  return agents
    .filter(({ record }) => record.lineno <= line && line <= record.end_line)
    .sort((a, b) => b.record.lineno - a.record.lineno)[0];
}
