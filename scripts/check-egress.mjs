// Finds calls that open connections outside the one folder that guards them against private networks.
import { parseSync, Visitor } from "oxc-parser"

const guarded = /^packages\/(core|models|connectors\/[^/]+|runtime-node)\/src\//
const egress = "packages/runtime-node/src/egress/"
const clients = /(^undici(\/|$)|\/(FetchHttpClient|NodeHttpClient)$)/
const clientNames = /^(FetchHttpClient|NodeHttpClient)$/
const outboundMembers = new Map([
  ["http", /^(request|get|ClientRequest)$/],
  ["https", /^(request|get)$/],
  ["http2", /^connect$/],
  ["net", /^(connect|createConnection|Socket)$/],
  ["tls", /^(connect|TLSSocket)$/]
])

/** Every way out of one file, as `line: what it is and what to do`.
 * @param {string} path relative to the root, with `/`
 * @param {string} text
 * @returns {string[]} */
export const waysOut = (path, text) => {
  if (!guarded.test(path) || path.startsWith(egress)) return []
  /** @type {string[]} */
  const found = []
  /** @param {number} offset @param {string} what */
  const report = (offset, what) => {
    const line = text.slice(0, offset).split("\n").length
    found.push(`${line}: ${what}: connections go out only from ${egress}, where private networks are refused`)
  }

  const { module, program } = parseSync(path, text)
  /** The local names that can connect, with the members that do. */
  const outbound = new Map([["globalThis", /^(fetch|WebSocket|EventSource)$/]])
  for (const { moduleRequest, entries, start } of module.staticImports) {
    const members = outboundMembers.get(moduleRequest.value.replace(/^node:/, ""))
    // `RequestInit` is a setting of a client that somebody else provides; it opens nothing.
    const settingOnly = entries.length > 0 && entries.every(({ importName }) => importName.name === "RequestInit")
    if (clients.test(moduleRequest.value) && !settingOnly) report(start, moduleRequest.value)
    for (const { importName, localName, isType } of entries) {
      const name = importName.name ?? ""
      if (importName.kind === "Name") {
        if (!isType && (members?.test(name) || clientNames.test(name))) report(start, name)
      } else if (members !== undefined) outbound.set(localName.value, members)
    }
  }
  new Visitor({
    CallExpression: ({ callee }) => {
      if (callee.type === "Identifier" && callee.name === "fetch") report(callee.start, "fetch")
    },
    NewExpression: ({ callee }) => {
      if (callee.type !== "Identifier") return
      if (/^(WebSocket|EventSource)$/.test(callee.name)) report(callee.start, callee.name)
    },
    ImportExpression: ({ source }) => {
      if (source.type !== "Literal" || typeof source.value !== "string") return
      if (clients.test(source.value)) report(source.start, source.value)
    },
    MemberExpression: ({ object, property, start }) => {
      if (object.type !== "Identifier" || property.type !== "Identifier") return
      if (outbound.get(object.name)?.test(property.name)) report(start, `${object.name}.${property.name}`)
    }
  }).visit(program)
  return found
}
