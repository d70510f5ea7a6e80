// Agents of executor.bench.ts; bundled into a folder of its own.

/** The least that can be asked of an agent. */
export class Trivial {
  run(task: number): number {
    return task + 1;
  }
}

/** Computes for some time. */
export class Busy {
  run(rounds: number): number {
    let x = 1;
    for (let i = 0; i < rounds; i += 1) x = (x * 1103515245 + 12345) % 2147483648;
    return x;
  }
}

/** Keeps its thread until it is told to go on. */
export class Holder {
  run(flags: Int32Array): number {
    Atomics.add(flags, 0, 1);
    Atomics.notify(flags, 0);
    Atomics.wait(flags, 1, 0);
    return 0;
  }
}
