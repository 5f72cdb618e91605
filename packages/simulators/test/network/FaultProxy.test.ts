import { once } from "node:events"
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net"
import { afterEach, assert, describe, it } from "vitest"
import { InvalidInput } from "../../src/index.ts"
import { type FaultProxy, startFaultProxy, type Toxic } from "../../src/network/index.ts"

const opened: Array<() => Promise<unknown> | void> = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** A server that sends back what it gets, or does what the test says. */
const server = async (answer: (socket: Socket) => void = (socket) => socket.pipe(socket)) => {
  const sockets = new Set<Socket>()
  const listener: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    answer(socket)
  })
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve))
  opened.push(() => {
    for (const socket of sockets) socket.destroy()
    listener.close()
  })
  return { port: (listener.address() as AddressInfo).port, sockets }
}

const proxied = async (answer?: (socket: Socket) => void) => {
  const { port, sockets } = await server(answer)
  const proxy = await startFaultProxy({ target: { port } })
  opened.push(proxy.close)
  return { proxy, sockets }
}

/** A client that remembers what it got and how it ended. */
const client = async (proxy: FaultProxy) => {
  const socket = connect({ port: proxy.port, host: proxy.host, allowHalfOpen: true })
  opened.push(() => void socket.destroy())
  const seen = { text: "", pieces: 0, code: "" }
  const changed = new Set<() => void>()
  const wake = () => {
    for (const each of changed) each()
  }
  socket.on("data", (chunk: Buffer) => {
    seen.text += chunk.toString()
    seen.pieces++
    wake()
  })
  socket.on("error", (error: NodeJS.ErrnoException) => (seen.code = error.code ?? error.message))
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()))
  await once(socket, "connect")
  const got = (length: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (seen.text.length < length) return
        changed.delete(look)
        resolve()
      }
      changed.add(look)
      look()
    })
  return { socket, seen, closed, got }
}

const timed = async (work: () => Promise<unknown>) => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

describe("fault proxy", () => {
  it("without toxics gives on every byte, each end and the counts", async () => {
    const { proxy } = await proxied()
    const { socket, seen, got, closed } = await client(proxy)
    const text = "abcdefgh".repeat(200_000)
    socket.end(text)
    await got(text.length)
    await closed
    assert.strictEqual(seen.text, text)
    assert.strictEqual(seen.code, "")
    assert.deepStrictEqual(proxy.counts(), { connections: 1, open: 0, up: text.length, down: text.length })
  })

  it("latency: later, in order, without a narrower line", async () => {
    const { proxy } = await proxied()
    const { socket, seen, got } = await client(proxy)
    proxy.add({ kind: "latency", direction: "down", millis: 150, jitterMillis: 20 })
    const took = await timed(async () => {
      for (let i = 0; i < 10; i++) {
        socket.write(`${i}`)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await got(10)
    })
    assert.strictEqual(seen.text, "0123456789")
    assert.isAbove(took, 125)
    assert.isBelow(took, 1400, "ten pieces wait together, not one after another")
  })

  it("bandwidth: no more bytes per second than it says", async () => {
    const { proxy } = await proxied()
    const { socket, got } = await client(proxy)
    proxy.add({ kind: "bandwidth", direction: "up", bytesPerSecond: 20_000 })
    socket.write("x".repeat(8_000))
    const took = await timed(() => got(6_000))
    assert.isAbove(took, 150)
    assert.isBelow(proxy.counts().up, 8_000)
    await got(8_000)
  })

  it("slicer: small pieces", async () => {
    const { proxy } = await proxied((socket) => socket.on("data", () => socket.write("y".repeat(50))))
    proxy.add({ kind: "slicer", direction: "down", bytes: 10, pauseMillis: 5 })
    const { socket, seen, got } = await client(proxy)
    socket.write("go")
    await got(50)
    assert.isAtLeast(seen.pieces, 3)
  })

  it("slow-close: the bytes at once, the end later", async () => {
    const { proxy } = await proxied((socket) => socket.on("data", () => socket.end("bye")))
    proxy.add({ kind: "slow-close", direction: "down", millis: 200 })
    const { socket, got } = await client(proxy)
    socket.write("go")
    await got(3)
    const took = await timed(() => once(socket, "end"))
    assert.isAbove(took, 150)
  })

  it("timeout: half-open while it is there, whole again when it is gone", async () => {
    const { proxy } = await proxied()
    const { socket, seen, got } = await client(proxy)
    socket.write("before ")
    await got(7)
    const heal = proxy.add({ kind: "timeout" })
    socket.write("within ")
    await new Promise((resolve) => setTimeout(resolve, 60))
    assert.strictEqual(seen.text, "before ")
    heal()
    await got(14)
    assert.strictEqual(seen.text, "before within ")
  })

  it("timeout with an end: closes after it", async () => {
    const { proxy } = await proxied()
    const { socket, seen, closed } = await client(proxy)
    proxy.add({ kind: "timeout", afterMillis: 50 })
    socket.write("lost")
    socket.on("end", () => socket.end())
    await closed
    assert.strictEqual(seen.text, "")
  })

  it("reset-peer: an RST at both ends, now and for those who come", async () => {
    const { proxy, sockets } = await proxied()
    const first = await client(proxy)
    first.socket.write("a")
    await first.got(1)
    const gone = new Promise((resolve) => [...sockets][0]!.on("close", resolve))
    const heal = proxy.add({ kind: "reset-peer", afterMillis: 20 })
    await first.closed
    await gone
    assert.strictEqual(first.seen.code, "ECONNRESET")
    const second = await client(proxy)
    await second.closed
    assert.strictEqual(second.seen.code, "ECONNRESET")
    heal()
    const third = await client(proxy)
    third.socket.write("c")
    await third.got(1)
  })

  it("limit-data: so many bytes and no more", async () => {
    const { proxy } = await proxied()
    proxy.add({ kind: "limit-data", direction: "down", bytes: 5 })
    const { socket, seen } = await client(proxy)
    socket.write("0123456789")
    await once(socket, "end")
    assert.strictEqual(seen.text, "01234")
    assert.strictEqual(proxy.counts().down, 5)
  })

  it("down refuses and breaks, up takes again at the same port", async () => {
    const { proxy } = await proxied()
    const first = await client(proxy)
    first.socket.write("a")
    await first.got(1)
    await proxy.down()
    await first.closed
    assert.strictEqual(first.seen.code, "ECONNRESET")
    const error = await client(proxy).then(
      () => "connected",
      (cause: NodeJS.ErrnoException) => cause.code
    )
    assert.strictEqual(error, "ECONNREFUSED")
    await proxy.up()
    const again = await client(proxy)
    again.socket.write("b")
    await again.got(1)
  })

  it("breaks the client when there is no server", async () => {
    const gone = await server()
    for (const close of opened.splice(0)) await close()
    const proxy = await startFaultProxy({ target: { port: gone.port } })
    opened.push(proxy.close)
    const { closed, seen } = await client(proxy)
    await closed
    assert.strictEqual(seen.code, "ECONNRESET")
  })

  it.each<[string, unknown]>([
    ["kind", { kind: "gremlin" }],
    ["millis", { kind: "latency" }],
    ["bytes", { kind: "slicer", bytes: 0 }],
    ["bytesPerSecond", { kind: "bandwidth", bytesPerSecond: -1 }],
    ["direction", { kind: "timeout", direction: "sideways" }],
    ["direction", { kind: "reset-peer", direction: "up" }],
    ["milis", { kind: "latency", millis: 1, milis: 2 }]
  ])("names the field %s of what cannot be used", async (field, toxic) => {
    const { proxy } = await proxied()
    const error = (() => {
      try {
        return proxy.add(toxic as Toxic)
      } catch (cause) {
        return cause
      }
    })()
    assert.instanceOf(error, InvalidInput)
    assert.strictEqual(error.field, field)
  })
})
