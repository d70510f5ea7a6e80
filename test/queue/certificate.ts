import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate of its own authority, for the name localhost and no other. */
export interface Certificate {
  /** Path of the certificate, which is also the authority's. */
  file: string;
  /** Path of its key. */
  key: string;
  dispose(): void;
}

export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "queue-certificate-"));
  const file = join(folder, "certificate.pem");
  const key = join(folder, "key.pem");
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  // PostgreSQL's package brings it.
  execFileSync("openssl", ["req", "-x509", ...kind, ...names, "-keyout", key, "-out", file], {
    stdio: "pipe",
  });
  return { file, key, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
