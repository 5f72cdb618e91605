import { assert, describe, it } from "vitest"
import { waysOut } from "../check-egress.mjs"

const inRuntime = "packages/runtime-node/src/server/A.ts"

const bad: ReadonlyArray<string> = [
  `await fetch("https://x")`,
  `const send = fetch`,
  `run({ fetch })`,
  `run({ send: fetch })`,
  `run(fetch)`,
  `const send = options.send ?? fetch`,
  `export const send = () => fetch`,
  `export default fetch`,
  `globalThis.fetch("https://x")`,
  `globalThis["fetch"]("https://x")`,
  "globalThis[`fetch`]('https://x')",
  `const { fetch: send } = globalThis; send(fetch)`,
  `new WebSocket("wss://x")`,
  `new globalThis.WebSocket("wss://x")`,
  `const Socket = WebSocket`,
  `new EventSource("https://x")`,
  `new XMLHttpRequest()`,
  `navigator.sendBeacon("https://x")`,
  `import "undici"`,
  `import { Agent } from "undici"`,
  `import { request } from "undici/lib/api"`,
  `await import("undici")`,
  `import axios from "axios"`,
  `import got from "got"`,
  `import WebSocket from "ws"`,
  `import * as Client from "effect/http/FetchHttpClient"`,
  `import { FetchHttpClient } from "effect/http"`,
  `import * as Client from "@effect/platform-node/NodeHttpClient"`,
  `import * as NodeSocket from "@effect/platform-node/NodeSocket"`,
  `import { request } from "node:http"`,
  `import { request as ask } from "http"`,
  `import { Agent } from "node:https"`,
  `import { get } from "https"`,
  `import http from "node:http"; http.request("https://x")`,
  `import * as http from "node:http"; http["get"]("https://x")`,
  `import * as http from "node:http"; const { request } = http`,
  `import * as http from "node:http"; const h = http`,
  `import * as http from "node:http"; run(http)`,
  `import * as http from "node:http"; const name = "request"; http[name]("https://x")`,
  `import { connect } from "node:http2"`,
  `import { connect } from "node:net"`,
  `import { Socket } from "node:net"; new Socket().connect(1)`,
  `import net from "net"; net.createConnection(1)`,
  `import net from "net"; new net.Socket()`,
  `import { connect } from "node:tls"`,
  `import * as tls from "node:tls"; tls.connect(1)`,
  `import { createSocket } from "node:dgram"`,
  `import { lookup } from "node:dns"`,
  `import { resolve4 } from "dns"`,
  `import { Resolver } from "node:dns/promises"`,
  `import * as dns from "node:dns"; dns.promises.lookup("x")`,
  `import dns from "node:dns/promises"; dns.lookup("x")`,
  `export { request } from "node:http"`,
  `export * from "node:net"`,
  `export * as net from "node:net"`,
  `const { request } = await import("node:http")`,
  `const http = require("http")`,
  `process.getBuiltinModule("node:net")`
]

const good: ReadonlyArray<string> = [
  `// fetch("x")\nexport const words = "fetch('x')"`,
  `export const fetch = (context) => context`,
  `export const call = (fetch) => fetch("x")`,
  `const changes = { fetch: Changes.fetch, start }`,
  `changes.fetch(1)`,
  `interface Changes { readonly fetch: () => void }`,
  `const f: typeof fetch = given`,
  `import type { Socket } from "node:net"`,
  `import { createServer, isIP, type Socket } from "node:net"; createServer()`,
  `import * as http from "node:http"; http.createServer((request) => request.url)`,
  `import * as Http from "node:http"; const a: Http.IncomingMessage = given; Http.createServer()`,
  `import { RequestInit } from "effect/http/FetchHttpClient"`,
  `import * as HttpClient from "effect/http/HttpClient"; HttpClient.execute(request)`,
  `import { PgClient } from "@effect/sql-pg"`,
  `class A { fetch() { return this.fetch() } }`,
  `const { lookup } = tables; lookup("x")`
]

describe("check-egress", () => {
  it.each(bad)("finds the way out in %s", (text) => {
    const [first] = waysOut(inRuntime, text)
    assert.match(first ?? "nothing was found", /^1: .*: connections go out only from/)
  })

  it.each(good)("lets pass %s", (text) => {
    assert.deepStrictEqual(waysOut(inRuntime, text), [])
  })

  it.each([
    "packages/core/src/A.ts",
    "packages/models/src/A.ts",
    "packages/client/src/A.ts",
    "packages/connectors/one/src/deep/A.ts",
    "packages/runtime-node/src/A.ts",
    "packages/runtime-node/src/egressive/A.ts",
    "packages/simulators/src/server/A.ts"
  ])("guards %s", (path) => {
    assert.lengthOf(waysOut(path, `await fetch("https://x")`), 1)
  })

  it.each([
    "packages/runtime-node/src/egress/A.ts",
    "packages/runtime-node/test/A.test.ts",
    "packages/simulators/src/network/A.ts",
    "examples/one/src/A.ts",
    "benchmarks/src/A.ts"
  ])("leaves %s alone", (path) => {
    assert.deepStrictEqual(waysOut(path, `await fetch("https://x")`), [])
  })
})
