import { BlockList, isIP, isIPv4 } from "node:net"
import * as Context from "effect/Context"

/** Networks of proxies whose `X-Forwarded-For` is believed; nobody's by default. */
export const TrustedProxies = Context.Reference<ReadonlyArray<string>>("@crochet/runtime-node/api/TrustedProxies", {
  defaultValue: () => []
})

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** IPv4 in dotted form also when a socket shows it mapped into IPv6; null for what is no address. */
const addressOf = (text: string): string | null => {
  const address = mapped.exec(text.trim())?.[1] ?? text.trim()
  return isIP(address) === 0 || address.includes("%") ? null : address
}

/** The first half of an IPv6 address: whoever has one address has the 2⁶⁴ beside it. */
const network = (address: string): string => {
  if (isIPv4(address)) return address
  const [before = "", after] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::")
  const head = before.split(":").filter((part) => part !== "")
  const tail = after === undefined ? [] : after.split(":").filter((part) => part !== "")
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0")
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(":")}::/64`
}

/**
 * Tells callers apart by their address: the peer's, or, when the peer is a trusted proxy, the last one in
 * `X-Forwarded-For` that is not. What stands before that one anybody may have written.
 */
export const make = (trustedProxies: ReadonlyArray<string>) => {
  const trusted = new BlockList()
  for (const cidr of trustedProxies) {
    const [start = "", bits] = cidr.split("/")
    const family = isIPv4(start) ? "ipv4" : "ipv6"
    trusted.addSubnet(start, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family)
  }
  const isTrusted = (address: string) => trusted.check(address, isIPv4(address) ? "ipv4" : "ipv6")

  return (peer: string, forwardedFor: string | undefined): string => {
    let client = addressOf(peer)
    if (client === null) return ""
    const hops = trustedProxies.length === 0 ? [] : (forwardedFor ?? "").split(",").reverse()
    for (const hop of hops) {
      if (!isTrusted(client)) break
      const before = addressOf(hop)
      if (before === null) break
      client = before
    }
    return network(client)
  }
}
