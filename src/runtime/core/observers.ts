import { isPromiseLike } from "./collect.ts";
import type { AgentEvent, AgentObserver } from "./events.ts";
import type { AgentMetadata } from "./metadata.ts";
import type { AgentState } from "./state.ts";
import type { Result } from "./types.ts";

/** Called with what an observer threw. */
export type OnBroken = (error: unknown) => void;

/** Those who are told what one agent does. */
export class Observers {
  readonly #agent: AgentMetadata;
  readonly #lasting: Set<{ observer: AgentObserver }>;
  /** Of the execution that is under way. */
  #passing: readonly AgentObserver[] = [];

  constructor(agent: AgentMetadata, observers: readonly AgentObserver[] = []) {
    this.#agent = agent;
    this.#lasting = new Set(observers.map((observer) => ({ observer })));
  }

  /** Adds an observer until the returned function is called. */
  add(observer: AgentObserver): () => void {
    const entry = { observer };
    this.#lasting.add(entry);
    return () => void this.#lasting.delete(entry);
  }

  /** Those who are told in addition, until the next call. */
  during(observers: readonly AgentObserver[]): void {
    this.#passing = observers;
  }

  event(event: AgentEvent, onBroken: OnBroken): void {
    this.#tell((observer) => observer.onEvent?.(event, this.#agent), onBroken);
  }

  result(result: Result, onBroken: OnBroken): void {
    this.#tell((observer) => observer.onResult?.(result, this.#agent), onBroken);
  }

  state(state: AgentState, previous: AgentState, onBroken: OnBroken): void {
    this.#tell((observer) => observer.onState?.(state, previous, this.#agent), onBroken);
  }

  #tell(call: (observer: AgentObserver) => unknown, onBroken: OnBroken): void {
    if (this.#lasting.size === 0 && this.#passing.length === 0) return;
    for (const observer of [...Array.from(this.#lasting, (entry) => entry.observer), ...this.#passing]) {
      try {
        const answer = call(observer);
        if (isPromiseLike(answer)) answer.then(undefined, onBroken);
      } catch (error) {
        onBroken(error);
      }
    }
  }
}
