import { isIP, isIPv4 } from "node:net"

/** An address as it is judged. */
export interface IpAddress {
  readonly version: 4 | 6
  /** IPv4 in dotted form, IPv6 in the form of RFC 5952. */
  readonly text: string
  /** The IPv4 addresses that a gateway on the way may take this IPv6 address for, in dotted form. */
  readonly carried: ReadonlyArray<string>
}

/** Reads an address; null for anything else, and for addresses with a zone. IPv4 mapped into IPv6 is IPv4. */
export const parse = (address: string): IpAddress | null => {
  if (isIPv4(address)) return { version: 4, text: address, carried: [] }
  if (isIP(address) !== 6 || address.includes("%")) return null
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const groups = groupsOf(text)
  const [g0 = 0, g1 = 0, g2 = 0, g3 = 0, g4 = 0, g5 = 0, g6 = 0, g7 = 0] = groups
  const last = dotted(g6, g7)
  if (groups.slice(0, 5).every((group) => group === 0) && g5 === 0xffff) {
    return { version: 4, text: last, carried: [] }
  }
  const carried: Array<string> = []
  const upper = groups.slice(0, 4).every((group) => group === 0)
  // IPv4-compatible (`::1` and its neighbours are none), and IPv4-translated (RFC 2765).
  if (upper && g4 === 0 && g5 === 0 && g6 > 0xff) carried.push(last)
  if (upper && g4 === 0xffff && g5 === 0) carried.push(last)
  // NAT64 (RFC 6052), and its local prefix (RFC 8215), in which a network chooses where the IPv4 address stands.
  if (g0 === 0x64 && g1 === 0xff9b && groups.slice(2, 6).every((group) => group === 0)) carried.push(last)
  if (g0 === 0x64 && g1 === 0xff9b && g2 === 1) {
    const places = [
      dotted(g3, ((g4 & 0xff) << 8) | (g5 >> 8)),
      dotted(((g3 & 0xff) << 8) | (g4 & 0xff), g5),
      dotted(((g4 & 0xff) << 8) | (g5 >> 8), ((g5 & 0xff) << 8) | (g6 >> 8)),
      last
    ]
    carried.push(...places.filter((place) => !place.startsWith("0.")))
  }
  // 6to4 (RFC 3056), Teredo's server and client (RFC 4380), ISATAP (RFC 5214).
  if (g0 === 0x2002) carried.push(dotted(g1, g2))
  if (g0 === 0x2001 && g1 === 0) carried.push(dotted(g2, g3), dotted(g6 ^ 0xffff, g7 ^ 0xffff))
  if ((g4 === 0 || g4 === 0x200) && g5 === 0x5efe) carried.push(last)
  return { version: 6, text, carried }
}

const dotted = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`

/** The eight groups of an address in the form of RFC 5952. */
const groupsOf = (text: string): ReadonlyArray<number> => {
  const numbers = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)))
  const [before = "", after] = text.split("::")
  const head = numbers(before)
  if (after === undefined) return head
  const tail = numbers(after)
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail]
}
