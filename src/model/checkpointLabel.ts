/** How a checkpoint is called where it stands. */
export const checkpointLabel = ({ label, id }: { label: string | null; id: string }): string =>
  label ?? `checkpoint ${id.slice(-6)}`;
