/**
 * Keeps results for as long as nothing changes that they were worked out from: what a work asks for while it runs is
 * noted. A work must be told by nothing else that changes, and not by the order in which results are asked for.
 */
export class Memo {
  readonly #running = new Running();

  /**
   * Answers that come from outside.
   * @param alike whether another answer makes no difference
   */
  watched<V>(ask: (key: string) => V, alike: (a: V, b: V) => boolean = Object.is): Watched<V> {
    return new Watched(ask, alike, this.#running);
  }

  /** @param circular what a work gets that asks, through others, for its own result */
  kept<V>(work: (key: string) => V, circular: V): Kept<V> {
    return new Kept(work, circular, this.#running);
  }
}

/** The results that are being worked out, each for the one before it. */
class Running {
  readonly #results: Result[] = [];

  get innermost(): Result | undefined {
    return this.#results.at(-1);
  }

  within<V>(result: Result, work: () => V): V {
    this.#results.push(result);
    try {
      return work();
    } finally {
      this.#results.pop();
    }
  }

  /** This result is asked for again while it is worked out. */
  meetsItself(result: Result): void {
    for (const within of this.#results.slice(this.#results.lastIndexOf(result))) within.circular = true;
  }
}

/** What a result may be worked out from: an answer, or another result. */
abstract class Source {
  readonly users = new Set<Result>();
  readonly #drop: () => void;
  #gone = false;

  constructor(drop: () => void) {
    this.#drop = drop;
  }

  /** Forgets it, and all that was worked out from it. */
  forget(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#drop();
    for (const user of this.users) user.forget();
  }

  /** What nobody uses any more is forgotten. */
  leave(user: Result): void {
    this.users.delete(user);
    if (this.users.size === 0) this.forget();
  }
}

class Answer<V> extends Source {
  readonly value: V;

  constructor(value: V, drop: () => void) {
    super(drop);
    this.value = value;
  }
}

class Result extends Source {
  readonly #sources = new Set<Source>();
  /** It is wanted for itself, not only by other results. */
  wanted = false;
  /** It is part of a circle. What that gives depends on where it is entered: it is not kept for others. */
  circular = false;

  use(source: Source): void {
    this.#sources.add(source);
    source.users.add(this);
  }

  override forget(): void {
    super.forget();
    for (const source of this.#sources) source.leave(this);
    this.#sources.clear();
  }

  override leave(user: Result): void {
    if (this.wanted) this.users.delete(user);
    else super.leave(user);
  }

  /** Is forgotten; whoever asked for it uses what it was worked out from. */
  dissolve(user: Result | undefined): void {
    for (const source of this.#sources) user?.use(source);
    this.forget();
  }
}

/** Answers that come from outside, each remembered as long as a result uses it. */
export class Watched<V> {
  readonly #ask: (key: string) => V;
  readonly #alike: (a: V, b: V) => boolean;
  readonly #running: Running;
  readonly #answers = new Map<string, Answer<V>>();

  constructor(ask: (key: string) => V, alike: (a: V, b: V) => boolean, running: Running) {
    this.#ask = ask;
    this.#alike = alike;
    this.#running = running;
  }

  /** What results have asked for. */
  get keys(): ReadonlySet<string> {
    return new Set(this.#answers.keys());
  }

  get = (key: string): V => {
    const user = this.#running.innermost;
    const known = this.#answers.get(key);
    if (user === undefined) return known === undefined ? this.#ask(key) : known.value;
    const answer = known ?? this.#remember(key);
    user.use(answer);
    return answer.value;
  };

  /** Asks again. Where the answer is another one, what was worked out from it is forgotten. */
  check(keys: Iterable<string> = this.keys): void {
    for (const key of keys) {
      const answer = this.#answers.get(key);
      if (answer !== undefined && !this.#alike(answer.value, this.#ask(key))) answer.forget();
    }
  }

  #remember(key: string): Answer<V> {
    const answer = new Answer(this.#ask(key), () => this.#answers.delete(key));
    this.#answers.set(key, answer);
    return answer;
  }
}

interface Done<V> {
  result: Result;
  value: V;
}

/** Results by key. */
export class Kept<V> {
  readonly #work: (key: string) => V;
  readonly #circular: V;
  readonly #running: Running;
  readonly #done = new Map<string, Done<V>>();
  readonly #begun = new Map<string, Result>();

  constructor(work: (key: string) => V, circular: V, running: Running) {
    this.#work = work;
    this.#circular = circular;
    this.#running = running;
  }

  get = (key: string): V => {
    const begun = this.#begun.get(key);
    if (begun !== undefined) {
      this.#running.meetsItself(begun);
      return this.#circular;
    }
    const { result, value } = this.#done.get(key) ?? this.#workOut(key);
    const user = this.#running.innermost;
    if (result.circular) result.dissolve(user);
    else if (user === undefined) result.wanted = true;
    else user.use(result);
    return value;
  };

  /** Nothing else is wanted for itself any more. */
  only(keys: ReadonlySet<string>): void {
    for (const [key, { result }] of this.#done) {
      if (!result.wanted || keys.has(key)) continue;
      result.wanted = false;
      if (result.users.size === 0) result.forget();
    }
  }

  #workOut(key: string): Done<V> {
    const result = new Result(() => this.#done.delete(key));
    this.#begun.set(key, result);
    try {
      const value = this.#running.within(result, () => this.#work(key));
      const done = { result, value };
      if (!result.circular) this.#done.set(key, done);
      return done;
    } catch (error) {
      result.forget();
      throw error;
    } finally {
      this.#begun.delete(key);
    }
  }
}
