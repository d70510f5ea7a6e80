interface Waiting {
  priority: number;
  /** Since when it waits: greater for later ones. */
  place: number;
  begin: () => void;
}

/** What waits for the very same slots, the next one first. */
interface Line {
  slots: readonly Slots[];
  waiting: Waiting[];
}

let places = 0;

/** How many runs may be at work at a time. */
export class Slots {
  /** Where somebody waits for one of these. */
  readonly #lines = new Set<Line>();
  /** The priorities of those that have one. */
  readonly #taken: number[] = [];
  #concurrency: number;

  /** @param concurrency from 1, or Infinity */
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  get concurrency(): number {
    return this.#concurrency;
  }

  /** What is at work goes on, also where that is more. */
  set concurrency(concurrency: number) {
    this.#concurrency = concurrency;
    Slots.#beginNext([this]);
  }

  /** How many wait that need one of these. */
  get pendingCount(): number {
    return [...this.#lines].reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /** The least priority of those that have one of these; Infinity where nobody has. */
  get leastPriority(): number {
    return Math.min(...this.#taken);
  }

  /**
   * Does some work once all of these have a slot for it, which are taken together: what waits for one of them holds up nothing
   * that needs only the others. Of what can begin, that with the greatest priority goes first, then what waits longest.
   */
  static async take<T>(slots: readonly Slots[], priority: number, work: () => Promise<T>): Promise<T> {
    await Slots.#turn(slots, priority);
    try {
      return await work();
    } finally {
      for (const each of slots) each.#taken.splice(each.#taken.indexOf(priority), 1);
      Slots.#beginNext(slots);
    }
  }

  get #hasRoom(): boolean {
    return this.#taken.length < this.#concurrency;
  }

  static #turn(slots: readonly Slots[], priority: number): Promise<void> {
    // Where there is room, nobody waits who could have it.
    if (slots.every((each) => each.#hasRoom)) {
      for (const each of slots) each.#taken.push(priority);
      return Promise.resolve();
    }
    return new Promise((begin) => {
      const { waiting } = Slots.#lineFor(slots);
      const before = waiting.findLastIndex((other) => other.priority >= priority);
      waiting.splice(before + 1, 0, { priority, place: (places += 1), begin });
    });
  }

  static #lineFor(slots: readonly Slots[]): Line {
    const lines = slots.flatMap((each) => [...each.#lines]);
    const known = lines.find(
      (line) =>
        line.slots.length === slots.length && line.slots.every((each, index) => each === slots[index]),
    );
    if (known !== undefined) return known;
    const line = { slots, waiting: [] };
    for (const each of slots) each.#lines.add(line);
    return line;
  }

  static #beginNext(freed: readonly Slots[]): void {
    for (;;) {
      const lines = new Set(freed.flatMap((each) => [...each.#lines]));
      const [line] = [...lines]
        .filter(({ slots }) => slots.every((each) => each.#hasRoom))
        .sort((a, b) => compare(a.waiting[0], b.waiting[0]));
      const next = line?.waiting.shift();
      if (line === undefined || next === undefined) return;
      if (line.waiting.length === 0) for (const each of line.slots) each.#lines.delete(line);
      for (const each of line.slots) each.#taken.push(next.priority);
      next.begin();
    }
  }
}

/** Lines without anybody are not kept. */
function compare(a: Waiting | undefined, b: Waiting | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return b.priority - a.priority || a.place - b.place;
}
