import { expect, it } from "vitest";
import { errorOf } from "../../../src/patterns/errorText.ts";
import { signatureOf } from "../../../src/runtime/patterns/signature.ts";

const parts = (text: string) => {
  const { type, normalised, frames, causes } = signatureOf(errorOf(text));
  return { type, normalised, frames, causes };
};

it("a text without a name is no error", () => {
  expect(errorOf("fetch failed")).toBe("fetch failed");
  expect(parts("fetch failed 5 times")).toEqual({
    ...{ type: "NonError", normalised: "fetch failed <number> times" },
    ...{ frames: [], causes: [] },
  });
  expect(parts("TypeError: x is not iterable").type).toBe("TypeError");
  expect(parts("Uncaught (in promise) RangeError: no 5")).toMatchObject({
    type: "RangeError",
    normalised: "no <number>",
  });
  expect(parts("Errors were found: 3").type).toBe("NonError");
});

it("an error of Node has the signature that the learner gives to it", () => {
  const thrown = new TypeError("job 17 failed\nwith more");
  thrown.stack = `TypeError: ${thrown.message}\n    at run (/srv/src/a.ts:10:5)\n    at async main (/srv/src/b.ts:3:1)`;
  expect(signatureOf(errorOf(thrown.stack)).signature).toBe(signatureOf(thrown).signature);
  const printed = [
    "/srv/src/a.js:3",
    "    throw new Error('no');",
    "    ^",
    "",
    "TypeError [ERR_INVALID_ARG_TYPE]: job 17 failed",
    "with more",
    "    at run (/srv/src/a.ts:10:5)",
    "    at async main (/srv/src/b.ts:3:1) {",
    "  code: 'ERR_INVALID_ARG_TYPE'",
    "}",
  ].join("\r\n");
  expect(parts(printed)).toMatchObject({ type: "TypeError", normalised: "job <number> failed with more" });
});

it("causes are read of Node and Java", () => {
  expect(
    parts(
      "Error: outer\n    at f (/a/b.js:1:1) {\n  [cause]: RangeError: port 99999\n      at g (/a/c.js:1:1)\n}",
    ),
  ).toEqual({
    ...{ type: "Error", normalised: "outer", frames: ["f (b)"] },
    causes: ["RangeError: port <number>"],
  });
  expect(
    parts(
      'Exception in thread "main" java.lang.IllegalStateException: no 5\n\tat com.acme.Main.run(Main.java:12)\n\tat java.lang.Thread.run(Thread.java:1)\nCaused by: java.io.IOException: disk 3\n\tat com.acme.Disk.read(Disk.java:9)\n\t... 3 more',
    ),
  ).toEqual({
    ...{ type: "java.lang.IllegalStateException", normalised: "no <number>" },
    ...{ frames: ["com.acme.Main.run (Main.java)"], causes: ["java.io.IOException: disk <number>"] },
  });
});

it("tracebacks of Python have their nearest frame last", () => {
  const traceback = (line: number) =>
    [
      "Traceback (most recent call last):",
      `  File "/app/io.py", line ${line}, in read`,
      "    open(path)",
      "FileNotFoundError: [Errno 2] No such file: 'x'",
      "",
      "During handling of the above exception, another exception occurred:",
      "",
      "Traceback (most recent call last):",
      `  File "/app/main.py", line ${line}, in <module>`,
      "    go()",
      `  File "/usr/lib/python3.12/site-packages/lib/x.py", line 7, in call`,
      `  File "/app/work.py", line ${line}, in go`,
      "    boom()",
      "    ~~~~^^",
      "ValueError: bad 17",
    ].join("\n");
  expect(parts(traceback(3))).toEqual({
    ...{ type: "ValueError", normalised: "bad <number>" },
    frames: ["go (work.py)", "<module> (main.py)"],
    causes: ["FileNotFoundError: [Errno <number>] No such file: <quoted>"],
  });
  expect(signatureOf(errorOf(traceback(3))).signature).toBe(signatureOf(errorOf(traceback(99))).signature);
  expect(parts('Traceback (most recent call last):\n  File "a.py", line 1\nKeyboardInterrupt').type).toBe(
    "KeyboardInterrupt",
  );
});

it("panics of Go are told apart by where they were, and not by addresses", () => {
  const panic = (where: string, n: number) =>
    [
      `panic: runtime error: index out of range [${n}] with length 3`,
      "[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x49f7a2]",
      "",
      `goroutine ${n} [running]:`,
      "panic({0x1, 0x2})",
      "\t/usr/local/go/src/runtime/panic.go:770 +0x132",
      `main.(*Pool).${where}(0xc00001${n}, ...)`,
      `\t/build${n}/pool.go:${n} +0x1d`,
      "main.main()",
      `\t/build${n}/main.go:${n}`,
      "",
      "goroutine 7 [chan receive]:",
      "main.other()",
      "\t/build/other.go:1 +0x1",
      "exit status 2",
    ].join("\n");
  expect(parts(panic("get", 5))).toEqual({
    ...{ type: "panic", normalised: "runtime error: index out of range [<number>] with length <number>" },
    ...{ frames: ["main.(*Pool).get (pool.go)", "main.main (main.go)"], causes: [] },
  });
  expect(parts(panic("get", 5))).toEqual(parts(panic("get", 9)));
  expect(parts(panic("put", 5))).not.toEqual(parts(panic("get", 5)));
  expect(parts("panic: no 5").type).toBe("NonError");
});

it("panics of Rust keep what they say, which stands in quotes in older versions", () => {
  const old = (message: string) =>
    `thread 'main' panicked at '${message}', src/main.rs:4:5\nnote: run with \`RUST_BACKTRACE=1\``;
  expect(parts(old("index out of bounds: the len is 3 but the index is 5"))).toEqual({
    ...{ type: "panic", normalised: "index out of bounds: the len is <number> but the index is <number>" },
    ...{ frames: ["<anonymous> (main.rs)"], causes: [] },
  });
  expect(parts(old("it's over\nfor all")).normalised).toBe("it's over for all");
  expect(
    parts(
      "thread 'w-3' (412) panicked at src/lib.rs:10:20:\nno luck with 7\nstack backtrace:\n   0: rust_begin_unwind",
    ),
  ).toMatchObject({ type: "panic", normalised: "no luck with <number>", frames: ["<anonymous> (lib.rs)"] });
});

it("exceptions of .NET have their frames, with or without a file, and the exceptions inside them", () => {
  const thrown = (method: string, line: number) =>
    [
      "Unhandled exception. System.InvalidOperationException: no 5",
      " ---> System.IO.IOException: disk 3",
      `   at Acme.Disk.Read(String path, Int32 n) in C:\\b\\Disk.cs:line ${line}`,
      "   at System.Linq.Enumerable.First[TSource](IEnumerable`1 source)",
      "   --- End of inner exception stack trace ---",
      `   at Acme.Pool.${method}(String path)`,
      `   at Acme.Program.Main(String[] args) in /src/Program.cs:line ${line}`,
    ].join("\n");
  expect(parts(thrown("Get", 4))).toEqual({
    ...{ type: "System.InvalidOperationException", normalised: "no <number>" },
    frames: ["Acme.Pool.Get (Acme.Pool)", "Acme.Program.Main (Program.cs)"],
    causes: ["System.IO.IOException: disk <number>"],
  });
  expect(parts(thrown("Get", 4))).toEqual(parts(thrown("Get", 77)));
  expect(parts(thrown("Put", 4))).not.toEqual(parts(thrown("Get", 4)));
});

it("texts that are made to take long are read in no time", () => {
  const long = 100_000;
  for (const text of [
    `panic: x\n${"goroutine 1 ".repeat(long / 10)}`,
    `panic: x\ngoroutine 1 ${"[ ".repeat(long / 2)}`,
    `panic: x${"\n".repeat(long)}`,
    "thread 'x' panicked at '\n".repeat(long / 25),
    `thread 'x' panicked at '${"', ".repeat(long / 3)}`,
    `${"\n".repeat(long / 2)}x\n   --- End of inner exception stack trace ---\n${" ".repeat(long / 2)}`,
    `Error: x\n   at ${"a(".repeat(long / 2)}`,
    `Error: x\n   at a() in ${" in :line 1".repeat(long / 10)}`,
    `a="${"\\".repeat(long)}`,
    "a=b ".repeat(long / 4),
  ]) {
    const start = performance.now();
    errorOf(text);
    expect(performance.now() - start, text.slice(0, 40)).toBeLessThan(500);
  }
});
