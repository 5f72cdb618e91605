import { connect, type Socket } from "node:net"
import * as Redacted from "effect/Redacted"

/** How long the operating system waits before it asks the other side of an idle connection whether it is there. */
const keepAliveMillis = 10_000

/** Where the URL leads: a path in the file system, or host and port, as the driver reads it. */
const targetOf = (url: Redacted.Redacted) => {
  const { hostname, port: given, searchParams } = new URL(Redacted.value(url))
  const host = searchParams.get("host") ?? (decodeURIComponent(hostname.replace(/^\[(.*)\]$/, "$1")) || "localhost")
  const port = Number(searchParams.get("port") ?? (given || "5432"))
  return host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

/**
 * A connection that ends itself when nothing came or went on it for so long. The operating system notices in seconds
 * that a machine is gone while nothing is owed, in a quarter of an hour when something was sent, and never that a
 * process stands still: it goes on confirming what arrives. Whoever waits for an answer fails then, and the connection
 * is thrown away; an idle one is replaced when it is needed again.
 */
export const open = (url: Redacted.Redacted, silenceMillis: number): Socket => {
  const socket = connect({
    ...targetOf(url),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMillis
  })
  return socket.setTimeout(silenceMillis, () => socket.destroy(new Error("Postgres gave no answer in time")))
}
