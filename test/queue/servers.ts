import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";
import { aptInstall, canUseApt } from "../vscode/apt.ts";
import { which } from "../vscode/command.ts";
import type { Certificate } from "./certificate.ts";

/** A server for tests. */
export interface TestServer {
  kind: "redis" | "postgres";
  /** With what is needed to log in. */
  url: string;
  /** True where it was started here: only such a one may be killed. */
  isOurs: boolean;
  /** Ends it as it wants to be ended. */
  stop(): Promise<void>;
  /** Ends all its processes on the spot. */
  kill9(): Promise<void>;
  /** Starts it once more, with its data and its port. */
  restart(): Promise<void>;
}

/** The address as users give it, and the password that goes its own way. */
export function withoutPassword(url: string): { address: string; password: string } {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = "";
  return { address: address.href, password };
}

const PASSWORD = "test-password";
const START_MS = 60_000;

/**
 * The one of REDIS_URL, or else one of our own that keeps what it acknowledged as `fsync` says.
 * @param tls it speaks nothing else
 */
export async function startRedis(
  fsync: "everysec" | "always" = "everysec",
  tls?: Certificate,
): Promise<TestServer> {
  const given = process.env["REDIS_URL"];
  if (given !== undefined && given !== "") return givenServer("redis", given);
  await installed("redis-server", "REDIS_URL", () => which("redis-server"));
  const command = which("redis-server") ?? "redis-server";
  const folder = mkdtempSync(join(tmpdir(), "queue-redis-"));
  const port = await freePort();
  const url =
    tls === undefined ? `redis://:${PASSWORD}@127.0.0.1:${port}` : `rediss://:${PASSWORD}@localhost:${port}`;
  const ports =
    tls === undefined
      ? ["--port", String(port)]
      : [
          ...["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"],
          ...["--tls-cert-file", tls.file, "--tls-key-file", tls.key, "--tls-ca-cert-file", tls.file],
        ];
  const settings = [
    ...[...ports, "--bind", "127.0.0.1", "--dir", folder, "--requirepass", PASSWORD],
    ...["--appendonly", "yes", "--appendfsync", fsync, "--save", "", "--maxmemory-policy", "noeviction"],
  ];
  return ownServer({
    kind: "redis",
    url,
    folder,
    start: () => spawn(command, settings, { stdio: "ignore" }),
    endSignal: "SIGTERM",
    answers: async () => {
      const redis = new Redis(url, {
        ...{ lazyConnect: true, retryStrategy: () => null },
        ...(tls !== undefined && { tls: { ca: readFileSync(tls.file) } }),
      });
      redis.on("error", () => undefined);
      try {
        await redis.connect();
        await redis.ping();
      } finally {
        redis.disconnect();
      }
    },
  });
}

/**
 * The one of PG_URL, or else one of our own.
 * @param tls it lets nobody in otherwise
 */
export async function startPostgres(tls?: Certificate): Promise<TestServer> {
  const given = process.env["PG_URL"];
  if (given !== undefined && given !== "") return givenServer("postgres", given);
  await installed("postgresql", "PG_URL", postgresPrograms);
  const programs = postgresPrograms() ?? "";
  const folder = mkdtempSync(join(tmpdir(), "queue-postgres-"));
  const port = await freePort();
  const host = tls === undefined ? "127.0.0.1" : "localhost";
  const verified = tls === undefined ? "" : "?sslmode=verify-full";
  const url = `postgres://tester:${PASSWORD}@${host}:${port}/postgres${verified}`;
  const password = join(folder, "password");
  writeFileSync(password, PASSWORD);
  // It refuses to be run by root.
  const owner: { uid?: number; gid?: number } = process.getuid?.() === 0 ? idsOfPostgres() : {};
  const { uid, gid } = owner;
  if (uid !== undefined && gid !== undefined)
    for (const path of [folder, password]) chownSync(path, uid, gid);
  const start = (program: string, args: string[]) =>
    spawn(join(programs, program), args, { cwd: folder, stdio: "ignore", ...owner });
  const data = join(folder, "data");
  const users = ["--username=tester", "--auth=scram-sha-256", `--pwfile=${password}`];
  const making = start("initdb", ["-D", data, ...users, "-E", "UTF8", "--locale=C", "--no-sync"]);
  const [code] = (await once(making, "exit")) as [number | null];
  if (code !== 0) throw new Error(`initdb ended with ${code ?? "a signal"}.`);
  const settings = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder];
  if (tls !== undefined) {
    const files = { cert: join(folder, "certificate.pem"), key: join(folder, "key.pem") };
    copyFileSync(tls.file, files.cert);
    copyFileSync(tls.key, files.key);
    if (uid !== undefined && gid !== undefined)
      for (const path of Object.values(files)) chownSync(path, uid, gid);
    const access = join(data, "pg_hba.conf");
    writeFileSync(access, readFileSync(access, "utf8").replaceAll(/^host /gm, "hostssl "));
    settings.push("-c", "ssl=on", "-c", `ssl_cert_file=${files.cert}`, "-c", `ssl_key_file=${files.key}`);
  }
  return ownServer({
    kind: "postgres",
    url,
    folder,
    start: () => start("postgres", [...settings, "-c", "shared_buffers=32MB"]),
    endSignal: "SIGINT",
    answers: async () => {
      // What the address says of TLS would win.
      const plain = url.replace(verified, "");
      const ssl = tls === undefined ? false : { ca: readFileSync(tls.file) };
      const client = new Client({ connectionString: plain, ssl });
      client.on("error", () => undefined);
      await client.connect();
      await client.end();
    },
  });
}

interface OwnServer extends Pick<TestServer, "kind" | "url"> {
  /** Goes with the server. */
  folder: string;
  start: () => ChildProcess;
  endSignal: "SIGTERM" | "SIGINT";
  /** Rejects where it does not yet answer. */
  answers: () => Promise<void>;
}

async function ownServer({ kind, url, folder, start, endSignal, answers }: OwnServer): Promise<TestServer> {
  let child: ChildProcess | null = null;
  const killAll = () => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // The processes of PostgreSQL would notice by themselves, but not at once.
    const children = childrenOf(child.pid);
    child.kill("SIGKILL");
    for (const pid of children) killed(pid);
  };
  process.once("exit", killAll);

  const ended = async (end: () => void) => {
    if (child === null) return;
    const exit = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
    end();
    await exit;
    child = null;
  };
  const untilItAnswers = async () => {
    const until = Date.now() + START_MS;
    for (;;)
      try {
        // One that was killed leaves things behind which can be in the way for a moment.
        if (child === null || child.exitCode !== null || child.signalCode !== null) child = start();
        await pause(50);
        await answers();
        return;
      } catch (error) {
        if (Date.now() > until) throw new Error(`${kind} did not start in ${folder}.`, { cause: error });
      }
  };
  await untilItAnswers();
  return {
    kind,
    url,
    isOurs: true,
    stop: async () => {
      await ended(() => child?.kill(endSignal));
      process.off("exit", killAll);
      rmSync(folder, { recursive: true, force: true });
    },
    kill9: () => ended(killAll),
    restart: async () => {
      await ended(() => child?.kill(endSignal));
      await untilItAnswers();
    },
  };
}

function givenServer(kind: TestServer["kind"], url: string): TestServer {
  const no = () => Promise.reject(new Error("A server that was not started here is not ended here."));
  return { kind, url, isOurs: false, stop: () => Promise.resolve(), kill9: no, restart: no };
}

async function installed(name: string, variable: string, find: () => string | undefined): Promise<void> {
  if (find() !== undefined) return;
  if (canUseApt()) await aptInstall(name);
  if (find() === undefined)
    throw new Error(
      `These tests need ${name}: install it, or name a server of your own in ${variable} (REDIS_URL for Redis, PG_URL for PostgreSQL).`,
    );
}

/** The folder of PostgreSQL's programs, the newest where there are several. */
function postgresPrograms(): string | undefined {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(root, version, "bin", "postgres")).find(existsSync);
  const program = found ?? which("postgres");
  return program === undefined ? undefined : dirname(program);
}

/** Of the user that Debian's package makes. */
function idsOfPostgres(): { uid: number; gid: number } {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((one) => one.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error("There is no user postgres.");
  return { uid: Number(uid), gid: Number(gid) };
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, "utf8").trim().split(" ").filter(Boolean).map(Number) : [];
}

function killed(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
