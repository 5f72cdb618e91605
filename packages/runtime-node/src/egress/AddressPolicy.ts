import * as Schema from "effect/Schema"
import { BlockList, isIP, isIPv4 } from "node:net"

/** An entry of an operator's list of allowed networks that cannot be read. */
export class InvalidCidr extends Schema.TaggedError<InvalidCidr>()("InvalidCidr", { entry: Schema.String }) {
  override get message(): string {
    return `CROCHET_EGRESS_ALLOW: "${this.entry}" is not a network such as 10.1.0.0/16 or fd00:1::/32`
  }
}

/**
 * Networks that requests must not go to: the special-purpose registries of IANA
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry, read 2026-11), multicast,
 * and IPv6 forms that carry an IPv4 address.
 */
const blockedNetworks = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // IPv4-compatible (deprecated), with the unspecified and the loopback address
  "::/96",
  // IPv4-translated, SIIT
  "::ffff:0:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "100:0:0:1::/64",
  // IETF protocol assignments, Teredo among them
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8"
]

/** Addresses at which clouds answer with credentials. They stay blocked whatever the operator allows. */
const metadataNetworks = [
  "169.254.169.254/32",
  "169.254.169.253/32",
  "169.254.169.123/32",
  // Amazon ECS and EKS
  "169.254.170.2/32",
  "169.254.170.23/32",
  "fd00:ec2::254/128",
  "fd00:ec2::23/128",
  // Alibaba
  "100.100.100.200/32",
  // Azure, a public address
  "168.63.129.16/32",
  // Oracle
  "192.0.0.192/32",
  // Google, IPv6
  "fd20:ce::254/128"
]

/** Decides about addresses. Everything that cannot be read as an address is refused. */
export interface AddressPolicy {
  /** Whether a connection to the address may be made. */
  readonly permits: (address: string) => boolean
  /** Whether the operator listed the address' network. */
  readonly isListed: (address: string) => boolean
}

/** Makes the policy; `allow` are the operator's CIDRs. Throws `InvalidCidr` that names the entry. */
export const make = (allow: ReadonlyArray<string>): AddressPolicy => {
  const blocked = listOf(blockedNetworks)
  const metadata = listOf(metadataNetworks)
  const allowed = listOf(allow)
  const isListed = (address: string): boolean => {
    const form = normalised(address)
    return form !== null && !contains(metadata, form) && contains(allowed, form)
  }
  return {
    isListed,
    permits: (address) => {
      const form = normalised(address)
      if (form === null || contains(metadata, form)) return false
      return contains(allowed, form) || !contains(blocked, form)
    }
  }
}

const contains = (list: BlockList, address: string): boolean => list.check(address, isIPv4(address) ? "ipv4" : "ipv6")

const listOf = (cidrs: ReadonlyArray<string>): BlockList => {
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [network = "", bits, ...rest] = cidr.trim().split("/")
    const version = isIP(network)
    const longest = version === 4 ? 32 : 128
    const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
    if (version === 0 || rest.length > 0 || !(length <= longest) || network.includes("%")) {
      throw new InvalidCidr({ entry: cidr })
    }
    list.addSubnet(network, length, version === 4 ? "ipv4" : "ipv6")
  }
  return list
}

/**
 * The address as it is judged: IPv4 in dotted form, also when it comes mapped into IPv6 (`::ffff:0:0/96`); null for
 * anything that is not an address, and for addresses with a zone.
 */
const normalised = (address: string): string | null => {
  if (isIPv4(address)) return address
  if (isIP(address) !== 6 || address.includes("%")) return null
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (mapped === null) return canonical
  const high = Number.parseInt(mapped[1]!, 16)
  const low = Number.parseInt(mapped[2]!, 16)
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}
