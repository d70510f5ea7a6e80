/**
 * By which link the messages of each bus come here. Of several ways the first one known is kept as long as it stands,
 * so that messages never change their way and overtake each other. A way is the list of the buses on it, the next one
 * first: one that leads through this bus is none.
 */
export class Routes<Link> {
  readonly #self: string;
  readonly #offers = new Map<string, Map<Link, readonly string[]>>();
  readonly #chosen = new Map<string, Link>();

  constructor(self: string) {
    this.#self = self;
  }

  learn(link: Link, origin: string, path: readonly string[]): void {
    if (origin === this.#self) return;
    if (path.includes(this.#self)) {
      this.forget(link, origin);
      return;
    }
    let offers = this.#offers.get(origin);
    if (offers === undefined) this.#offers.set(origin, (offers = new Map<Link, readonly string[]>()));
    offers.set(link, path);
    if (!this.#chosen.has(origin)) this.#chosen.set(origin, link);
  }

  /** Answers whether the bus cannot be reached any more. */
  forget(link: Link, origin: string): boolean {
    const offers = this.#offers.get(origin);
    if (offers?.delete(link) !== true || this.#chosen.get(origin) !== link) return false;
    const [shortest] = [...offers].sort(([, a], [, b]) => a.length - b.length);
    if (shortest !== undefined) {
      this.#chosen.set(origin, shortest[0]);
      return false;
    }
    this.#chosen.delete(origin);
    this.#offers.delete(origin);
    return true;
  }

  /** Forgets all ways by a link; answers with the buses that cannot be reached any more. */
  drop(link: Link): string[] {
    return [...this.#offers.keys()].filter((origin) => this.forget(link, origin));
  }

  /** The link by which messages of a bus are taken. */
  chosen(origin: string): Link | undefined {
    return this.#chosen.get(origin);
  }

  /** The buses to which a link offers a way. */
  offeredBy(link: Link): string[] {
    return [...this.#offers].filter(([, offers]) => offers.has(link)).map(([origin]) => origin);
  }

  /** The ways that a link's other end may take through this bus. */
  offersTo(link: Link, peer: string): Map<string, readonly string[]> {
    const offers = new Map<string, readonly string[]>();
    for (const [origin, chosen] of this.#chosen) {
      const path = this.#offers.get(origin)?.get(chosen);
      if (chosen === link || path === undefined || origin === peer || path.includes(peer)) continue;
      offers.set(origin, [this.#self, ...path]);
    }
    return offers;
  }
}
