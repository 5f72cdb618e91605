// Finds what opens connections, or looks names up, outside the one folder that guards against private networks.
import { parseSync } from "oxc-parser"

const guarded = /^packages\/(core|models|client|connectors\/[^/]+|runtime-node|simulators)\/src\//
const egress = "packages/runtime-node/src/egress/"
/** The hostile network of the tests: a proxy and a name server on the loopback address, no part of any installation. */
const allowed = [
  egress,
  "packages/simulators/src/network/",
  // A database's connection with a limit of its silence, which the driver has none for.
  "packages/runtime-node/src/postgres/PostgresSocket.ts",
  // The conformance kit's client, which refuses every address but the loopback one.
  "packages/core/src/testing/conformance/Loopback.ts"
]

/** Modules of others that send requests. A database's driver is none: where it connects is the operator's to say. */
const clients = new RegExp(
  `^(undici|axios|got|ky|needle|node-fetch|cross-fetch|superagent|request|ws|eventsource|socket\\.io-client|http-proxy)(/|$)|` +
    `/(FetchHttpClient|NodeHttpClient|NodeSocket|NodeWebSocket|BrowserHttpClient|BrowserSocket)$|^effect/(.*/)?Socket$`
)
const clientNames = /^(FetchHttpClient|NodeHttpClient|NodeSocket|NodeWebSocket|BrowserHttpClient)$/
const globals = /^(fetch|WebSocket|WebSocketStream|EventSource|XMLHttpRequest|WebTransport|RTCPeerConnection)$/
const globalObjects = /^(globalThis|global|window|self)$/
/** What connects or looks up, of the modules of Node that also do other things. */
const outbound = new Map([
  ["http", /^(request|get|ClientRequest|Agent|globalAgent|WebSocket|EventSource|setGlobalProxyFromEnv)$/],
  ["https", /^(request|get|Agent|globalAgent)$/],
  ["http2", /^connect$/],
  ["net", /^(connect|createConnection|Socket|Stream)$/],
  ["tls", /^(connect|TLSSocket)$/],
  ["dgram", /^(createSocket|Socket)$/],
  ["quic", /./],
  ["dns", /^(lookup|lookupService|resolve.*|reverse|Resolver|promises)$/],
  ["dns/promises", /^(lookup|lookupService|resolve.*|reverse|Resolver|default)$/]
])
/** @param {string} specifier */
const members = (specifier) => outbound.get(specifier.replace(/^node:/, ""))

/**
 * @typedef {{ type: string, start: number, [key: string]: unknown }} Node
 * @typedef {{ node: Node, key: string, parent: Node | undefined }} Place
 */
/** @param {unknown} value
 * @returns {value is Node} */
const isNode = (value) => typeof value === "object" && value !== null && "type" in value && "start" in value

/** Every node with where it hangs.
 * @param {Node} node
 * @param {(place: Place) => void} visit */
const walk = (node, visit, key = "", /** @type {Node | undefined} */ parent = undefined) => {
  visit({ node, key, parent })
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, name, node)
  }
}

/** Whether an identifier there stands for a value, not for a property's name, a type or a declaration.
 * @param {Place} place */
const isValue = ({ key, parent }) => {
  if (parent === undefined || parent.type.startsWith("TSType") || parent.type === "TSQualifiedName") return false
  if (parent.type === "MemberExpression") return key === "object" || parent.computed === true
  if (parent.type === "Property") return key === "value" || parent.computed === true
  if (/^(MethodDefinition|PropertyDefinition|TSPropertySignature|TSMethodSignature)$/.test(parent.type)) {
    return key === "value" || parent.computed === true
  }
  return !/^(Import.*Specifier|ExportSpecifier|LabeledStatement|TSInterfaceHeritage)$/.test(parent.type)
}

/** The name of a member, as far as it is written down.
 * @param {Node} node */
const memberName = (node) => {
  const property = /** @type {Node} */ (node.property)
  if (property.type === "Literal") return String(property.value)
  if (property.type === "TemplateLiteral") {
    const [first, ...rest] = /** @type {{ value: { cooked: string } }[]} */ (property.quasis)
    return rest.length === 0 ? first?.value.cooked : undefined
  }
  return node.computed === true ? undefined : String(property.name)
}

/** The names that a file gives to things of its own.
 * @param {Node} program
 * @returns {Set<string>} */
const declared = (program) => {
  /** @type {Set<string>} */
  const names = new Set()
  /** @param {unknown} pattern */
  const bind = (pattern) => {
    if (!isNode(pattern)) return
    walk(pattern, (place) => {
      const bound = place.key !== "right" && !(place.parent?.type === "Property" && place.key === "key")
      if (place.node.type === "Identifier" && bound && !place.parent?.type.startsWith("TS")) {
        names.add(String(place.node.name))
      }
    })
  }
  walk(program, ({ node }) => {
    if (node.type === "VariableDeclarator" || /^(Function|Class)/.test(node.type)) bind(node.id)
    for (const one of Array.isArray(node.params) ? node.params : []) bind(one)
  })
  return names
}

/** Every way out of one file, as `line: what it is and what to do`.
 * @param {string} path relative to the root, with `/`
 * @param {string} text
 * @returns {string[]} */
export const waysOut = (path, text) => {
  if (!guarded.test(path) || allowed.some((folder) => path.startsWith(folder))) return []
  /** @type {Map<number, string>} */
  const found = new Map()
  /** @param {number} offset @param {string} what */
  const report = (offset, what) => {
    const line = text.slice(0, offset).split("\n").length
    found.set(offset, `${line}: ${what}: connections go out only from ${egress}, where private networks are refused`)
  }
  const { module, program } = parseSync(path, text)
  /** Local names of whole modules, with the members that connect. */
  const modules = new Map()
  for (const { moduleRequest, entries, start } of module.staticImports) {
    const forbidden = members(moduleRequest.value)
    // `RequestInit` is a setting of a client that somebody else provides; it opens nothing.
    const harmless =
      entries.length > 0 && entries.every(({ importName, isType }) => isType || importName.name === "RequestInit")
    if (clients.test(moduleRequest.value) && !harmless) report(start, moduleRequest.value)
    for (const { importName, localName, isType } of entries) {
      if (isType) continue
      if (importName.kind !== "Name") {
        if (forbidden !== undefined) modules.set(localName.value, forbidden)
      } else if (forbidden?.test(importName.name ?? "") || clientNames.test(importName.name ?? "")) {
        report(start, importName.name ?? "")
      }
    }
  }
  for (const { entries } of module.staticExports) {
    for (const { importName, moduleRequest, start, isType } of entries) {
      const forbidden = moduleRequest === null ? undefined : members(moduleRequest.value)
      const whole = importName.kind !== "Name"
      if (isType || moduleRequest === null) continue
      if (clients.test(moduleRequest.value) || (forbidden && (whole || forbidden.test(importName.name ?? "")))) {
        report(start, `${moduleRequest.value} given on`)
      }
    }
  }

  const tree = /** @type {Node} */ (/** @type {unknown} */ (program))
  const own = declared(tree)
  walk(tree, (place) => {
    const { node, parent } = place
    if (node.type === "ImportExpression" || node.type === "CallExpression") {
      const callee = node.type === "CallExpression" ? /** @type {Node} */ (node.callee) : undefined
      const loads =
        callee === undefined ||
        callee.name === "require" ||
        (callee.type === "MemberExpression" && /^(getBuiltinModule|require)$/.test(memberName(callee) ?? ""))
      const argument = callee === undefined ? node.source : /** @type {unknown[]} */ (node.arguments)[0]
      if (!loads || !isNode(argument) || typeof argument.value !== "string") return
      const forbidden = members(argument.value)
      if (clients.test(argument.value) || forbidden !== undefined) report(node.start, argument.value)
    } else if (node.type === "MemberExpression") {
      const object = /** @type {Node} */ (node.object)
      const name = memberName(node)
      const onGlobal = globalObjects.test(String(object.name)) && globals.test(name ?? "")
      if (name === "sendBeacon" || onGlobal || (name !== undefined && modules.get(object.name)?.test(name))) {
        report(node.start, `${object.name}.${name}`)
      }
    } else if (node.type === "Identifier" && isValue(place)) {
      const name = String(node.name)
      if (globals.test(name) && !own.has(name)) report(node.start, name)
      if (!modules.has(name) || own.has(name)) return
      // A member that is written down was judged above; a module that is handed around, or taken apart, cannot be.
      const known = parent?.type === "MemberExpression" && memberName(parent) !== undefined
      if (!known) report(node.start, `the whole module ${name}`)
    }
  })
  return [...found].sort(([left], [right]) => left - right).map(([, line]) => line)
}
