import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { v7 as uuid } from "uuid";
import { foldLines } from "../../src/runtime/patterns/fold.ts";
import { toText } from "../../src/runtime/patterns/layout.ts";
import { algorithm } from "../../src/runtime/patterns/normalise.ts";
import type { JournalLine } from "../../src/runtime/patterns/schema.ts";
import { signatureOf } from "../../src/runtime/patterns/signature.ts";

const doing =
  "read write open close fetch parse render upload send load save merge sort index print copy move delete encode verify".split(
    " ",
  );
const what =
  "invoice order basket customer shelf report picture letter parcel ledger price ticket contract voucher budget receipt address catalogue message profile shipment warehouse discount payment account".split(
    " ",
  );
const why = [
  ...["no space left on device", "connection refused", "the answer is empty", "permission denied"],
  ...["unexpected end of input", "the lock is held", "it took too long", "the key is unknown"],
  ...["two entries have one name", "the currency is not known", "the date is in the past", "no such table"],
  ...["the model gave no answer", "a field is missing", "the quota is used up", "the token has expired"],
  ...["the file is a link", "the checksum differs", "it was cancelled", "the address is not complete"],
];
const dayMs = 24 * 3600 * 1000;

/** An error whose group no other number below `doing × what × why` has. */
function errorOf(n: number): Error {
  const action = doing[n % doing.length] ?? "";
  const thing = what[Math.floor(n / doing.length) % what.length] ?? "";
  const reason = why[Math.floor(n / (doing.length * what.length)) % why.length] ?? "";
  const error = new Error(`cannot ${action} the ${thing} ${n * 7}: ${reason}`);
  if (n % 3 === 0) error.name = "TypeError";
  error.stack = `${error.name}: ${error.message}\n    at ${thing}Agent.${action} (/srv/shop/src/${thing}/${action}.ts:${n % 90}:7)\n    at run (/srv/shop/src/${thing}/main.ts:12:3)`;
  return error;
}

function lineOf(n: number, occurrence: number): JournalLine {
  const { signature, type, parts, normalised, message, frames, causes, redacted } = signatureOf(errorOf(n));
  const thing = what[Math.floor(n / doing.length) % what.length] ?? "";
  const fix = `Ask for the ${thing} again`;
  return {
    ...{ signature, type, pattern: parts.pattern, normalised, message, frames: [...frames] },
    ...{ causes: [...causes], algorithm, redacted, runId: uuid(), outcome: null },
    time: new Date(Date.now() - ((n + occurrence * 11) % 60) * dayMs).toISOString(),
    agent: `${thing}Agent${occurrence % 2}`,
    solution: n % 4 === 0 && occurrence === 0 ? { fix, success_rate: 0.75 } : null,
  };
}

/** Writes error patterns as recorded errors leave them: so many groups, each of which occurred some times. */
export function recordErrors(root: string, count: number): string {
  const lines = Array.from({ length: count }, (_, n) =>
    Array.from({ length: 1 + (n % 8) }, (_, occurrence) => lineOf(n, occurrence)),
  );
  const patterns = foldLines([], lines.flat());
  if (patterns.length !== count) throw new Error(`There are ${patterns.length} groups, and not ${count}.`);
  const folder = join(root, ".proj-intel");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "error_patterns.json");
  const empty = { version: "1.0.0", patterns: [] };
  writeFileSync(file, toText(empty, patterns, { now: new Date(), dropped: 0 }));
  return file;
}
