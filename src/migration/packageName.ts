/** The name under which the runtime is published. */
export const packageName = "opsvi-agents";
