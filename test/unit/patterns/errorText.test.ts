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
