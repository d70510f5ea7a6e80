/** "120 of 656 files"; "120 files found" while nobody knows how many there are. */
export function progressText({ done, total }: { done: number; total: number }): string {
  return total === 0 ? `${done} files found` : `${done} of ${total} files`;
}
