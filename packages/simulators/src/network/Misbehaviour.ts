import type { Socket } from "node:net"
import { gzipSync } from "node:zlib"

/** What a misbehaviour can do; everything stops by itself when the connection ends. */
export interface Stage {
  readonly socket: Socket
  /** How often this connection has been asked before. */
  readonly before: number
  /** The pause of what goes on for ever, in milliseconds. */
  readonly everyMillis: number
  readonly write: (text: string | Buffer) => void
  /** Writes the piece again and again, as fast as it is taken, at most `bytes` in all. */
  readonly flood: (piece: string | Buffer, bytes?: number) => void
  /** Writes the piece, waits, and writes it again, without end. */
  readonly drip: (piece: string) => void
}

const ok = "HTTP/1.1 200 OK\r\n"
const gigabyte = 1024 ** 3
const piece = Buffer.alloc(64 * 1024, "x")

/** A gigabyte of zeros in about a megabyte. */
const bomb = () => {
  const member = gzipSync(Buffer.alloc(32 * 1024 * 1024))
  return Buffer.concat(Array.from({ length: 32 }, () => member))
}

/** What is done once a request begins to arrive. */
const onRequest = {
  "answers as it should": ({ write }) => write(`${ok}content-length: 2\r\n\r\nok`),
  // Never, or never to the end
  "says nothing": () => {},
  "stops in the head": ({ write }) => write(`${ok}content-`),
  "drips the head": ({ drip, write }) => {
    write(ok)
    drip("x: y\r\n")
  },
  "stops after the head": ({ write }) => write(`${ok}content-length: 10\r\n\r\n`),
  "drips the body": ({ drip, write }) => {
    write(`${ok}content-length: 1000000\r\n\r\n`)
    drip("x")
  },
  "stops in the body": ({ write }) => write(`${ok}content-length: 10\r\n\r\nhalf.`),
  "stops in a chunk": ({ write }) => write(`${ok}transfer-encoding: chunked\r\n\r\nff\r\nhalf`),
  "drips interim answers": ({ drip }) => drip("HTTP/1.1 103 Early Hints\r\n\r\n"),
  // Too much
  "sends a gigabyte": ({ flood, write }) => {
    write(`${ok}content-length: ${gigabyte}\r\n\r\n`)
    flood(piece, gigabyte)
  },
  "sends a gzip bomb": ({ write }) => {
    const body = bomb()
    write(`${ok}content-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`)
    write(body)
  },
  "sends chunks without end": ({ flood, write }) => {
    write(`${ok}transfer-encoding: chunked\r\n\r\n`)
    flood("1\r\nx\r\n")
  },
  "sends an endless body that only the end of the connection ends": ({ flood, write }) => {
    write(`${ok}\r\n`)
    flood(piece)
  },
  "sends an endless chunk extension": ({ flood, write }) => {
    write(`${ok}transfer-encoding: chunked\r\n\r\n1;x=`)
    flood(piece)
  },
  "sends trailers without end": ({ flood, write }) => {
    write(`${ok}transfer-encoding: chunked\r\n\r\n0\r\n`)
    flood("x: y\r\n")
  },
  "sends interim answers without end": ({ flood }) => flood("HTTP/1.1 103 Early Hints\r\n\r\n"),
  "sends 10,000 headers": ({ write }) => write(`${ok}${"x: y\r\n".repeat(10_000)}content-length: 0\r\n\r\n`),
  "sends a header of 100 KB": ({ write }) => write(`${ok}x: ${"y".repeat(100_000)}\r\ncontent-length: 0\r\n\r\n`),
  "sends an endless header": ({ flood, write }) => {
    write(`${ok}x: `)
    flood(piece)
  },
  "sends an endless status line": ({ flood, write }) => {
    write("HTTP/1.1 200 ")
    flood(piece)
  },
  // Not HTTP, or not quite
  "speaks SSH": ({ write }) => write("SSH-2.0-OpenSSH_9.6\r\n"),
  "sends noise": ({ write }) => write(Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 197 + 128) & 255))),
  "sends NULs": ({ write }) => write(Buffer.alloc(512)),
  "speaks HTTP/9.9": ({ write }) => write("HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n"),
  "speaks HTTP/2 unasked": ({ write }) => write(Buffer.from("00000004000000000000000401000000", "hex")),
  "sends letters as status": ({ write }) => write("HTTP/1.1 2OO OK\r\ncontent-length: 0\r\n\r\n"),
  "sends a bad chunk": ({ write }) => write(`${ok}transfer-encoding: chunked\r\n\r\nzz\r\n`),
  "sends a chunk of impossible size": ({ write }) =>
    write(`${ok}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nx`),
  "sends a negative length": ({ write }) => write(`${ok}content-length: -1\r\n\r\n`),
  "sends a length of letters": ({ write }) => write(`${ok}content-length: ten\r\n\r\n`),
  "sends two lengths": ({ write }) => write(`${ok}content-length: 1\r\ncontent-length: 2\r\n\r\nxx`),
  "sends a length and chunks": ({ write }) =>
    write(`${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
  "sends a NUL in a header": ({ write }) => write(`${ok}x: a\0b\r\ncontent-length: 0\r\n\r\n`),
  "sends a header without a colon": ({ write }) => write(`${ok}nonsense\r\ncontent-length: 0\r\n\r\n`),
  "switches protocols unasked": ({ write }) =>
    write("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
  // Old, or more or less than announced
  "speaks HTTP/1.0": ({ socket }) => socket.end("HTTP/1.0 200 OK\r\n\r\nbody until the end"),
  "sends more than announced": ({ write }) => write(`${ok}content-length: 2\r\n\r\nok and more`),
  "sends a second answer": ({ write }) =>
    write(`${ok}content-length: 2\r\n\r\nokHTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n`),
  "sends less than announced": ({ socket }) => socket.end(`${ok}content-length: 10\r\n\r\nabc`),
  // Ends
  "ends before the answer": ({ socket }) => socket.end(),
  "ends in the head": ({ socket }) => socket.end(`${ok}content-`),
  "ends in a chunk": ({ socket }) => socket.end(`${ok}transfer-encoding: chunked\r\n\r\nff\r\nhalf`),
  "resets before the answer": ({ socket }) => socket.resetAndDestroy(),
  "resets in the head": ({ socket, write }) => {
    write(`${ok}content-`)
    setImmediate(() => socket.resetAndDestroy())
  },
  "resets in the body": ({ socket, write }) => {
    write(`${ok}content-length: 10\r\n\r\nabc`)
    setImmediate(() => socket.resetAndDestroy())
  },
  "refuses early and ends": ({ socket }) =>
    socket.end("HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
  "ends the second time": ({ before, socket, write }) =>
    before === 0 ? write(`${ok}content-length: 0\r\n\r\n`) : socket.destroy()
} satisfies Record<string, (stage: Stage) => void>

/** What is done as soon as somebody connects. */
const onConnection = {
  "never reads": ({ socket }) => socket.pause(),
  "hangs up at once": ({ socket }) => socket.destroy(),
  "resets at once": ({ socket }) => socket.resetAndDestroy(),
  "answers before it is asked": ({ write }) => write(`${ok}content-length: 0\r\n\r\n`)
} satisfies Record<string, (stage: Stage) => void>

/** What a receiver can do wrong, as the end of a sentence that begins with "a receiver that". */
export type Misbehaviour = keyof typeof onRequest | keyof typeof onConnection

/** All of them. */
export const misbehaviours = [...Object.keys(onRequest), ...Object.keys(onConnection)] as ReadonlyArray<Misbehaviour>

/** The two moments at which a misbehaviour acts. */
export const actionsOf = (
  misbehaviour: Misbehaviour
): { readonly request?: (stage: Stage) => void; readonly connection?: (stage: Stage) => void } =>
  misbehaviour in onRequest
    ? { request: onRequest[misbehaviour as keyof typeof onRequest] }
    : { connection: onConnection[misbehaviour as keyof typeof onConnection] }
