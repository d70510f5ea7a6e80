/** How long VS Code may take to ask for what has changed. */
const PATIENCE_MS = 1_000;

/**
 * Sees to it that VS Code asks for what has changed in a tree. Where a refresh of all rows meets the answer to what it asked
 * when the view came into sight, VS Code shows that answer, forgets the rows behind it, and from then on ignores their
 * changes: it asks for nothing until all is refreshed once more.
 */
export class TreeWatch {
  readonly #isVisible: () => boolean;
  readonly #refreshAll: () => void;
  #unasked = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(isVisible: () => boolean, refreshAll: () => void) {
    this.#isVisible = isVisible;
    this.#refreshAll = refreshAll;
  }

  /** VS Code was told of a change. */
  changed(): void {
    this.#unasked = true;
    this.#wait();
  }

  /** VS Code asked for a row, or found that there is none. */
  asked(): void {
    this.#unasked = false;
    this.dispose();
  }

  /** The view came into sight, which is when VS Code asks for what changed meanwhile. */
  shown(): void {
    if (this.#unasked) this.#wait();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#isVisible()) return;
      this.#refreshAll();
      this.#wait();
    }, PATIENCE_MS);
  }
}
