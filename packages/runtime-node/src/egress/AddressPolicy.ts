import * as Schema from "effect/Schema"
import { BlockList, isIP } from "node:net"
import * as IpAddress from "./IpAddress.ts"
import * as SpecialNetworks from "./SpecialNetworks.ts"

/** An entry of an operator's list of allowed networks that cannot be read. */
export class InvalidCidr extends Schema.TaggedError<InvalidCidr>()("InvalidCidr", { entry: Schema.String }) {
  override get message(): string {
    return `CROCHET_EGRESS_ALLOW: "${this.entry}" is not a network such as 10.1.0.0/16 or fd00:1::/32`
  }
}

/** Decides about addresses. Everything that cannot be read as an address is refused. */
export interface AddressPolicy {
  /** Whether a connection to the address may be made. */
  readonly permits: (address: string) => boolean
  /** Whether the operator listed the address' network, and the address may be reached. */
  readonly isListed: (address: string) => boolean
}

/** Makes the policy; `allow` are the operator's CIDRs. Throws `InvalidCidr` that names the entry. */
export const make = (allow: ReadonlyArray<string>): AddressPolicy => {
  const blocked = Networks.of(SpecialNetworks.blocked)
  const metadata = Networks.of(SpecialNetworks.metadata)
  const allowed = Networks.of(allow)
  const permitsFour = (text: string): boolean =>
    !metadata.contains(4, text) && (allowed.contains(4, text) || !blocked.contains(4, text))
  /** Listing an IPv6 network opens that network, not what its addresses stand for in IPv4. */
  const permits = ({ version, text, carried }: IpAddress.IpAddress): boolean =>
    version === 4
      ? permitsFour(text)
      : !metadata.contains(6, text) &&
        (allowed.contains(6, text) || !blocked.contains(6, text)) &&
        carried.every(permitsFour)
  return {
    permits: (address) => {
      const parsed = IpAddress.parse(address)
      return parsed !== null && permits(parsed)
    },
    isListed: (address) => {
      const parsed = IpAddress.parse(address)
      return parsed !== null && allowed.contains(parsed.version, parsed.text) && permits(parsed)
    }
  }
}

/**
 * A set of networks. The versions are kept apart: one `BlockList` for both takes every IPv4 address for part of `::/0`,
 * so that an operator who opens IPv6 would open all of IPv4, too.
 */
class Networks {
  private readonly four = new BlockList()
  private readonly six = new BlockList()

  static of(cidrs: ReadonlyArray<string>): Networks {
    const networks = new Networks()
    for (const cidr of cidrs) networks.add(cidr)
    return networks
  }

  contains(version: 4 | 6, text: string): boolean {
    return version === 4 ? this.four.check(text, "ipv4") : this.six.check(text, "ipv6")
  }

  private add(cidr: string) {
    const [network = "", bits, ...rest] = cidr.trim().split("/")
    const longest = isIP(network) === 4 ? 32 : 128
    const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
    const parsed = IpAddress.parse(network)
    // IPv4 in the clothes of IPv6 (`::ffff:10.0.0.0/104`) is IPv4; a shorter mask would be part of it and part not.
    const own = parsed?.version === 4 && longest === 128 ? length - 96 : length
    if (parsed === null || rest.length > 0 || !(length <= longest) || own < 0) throw new InvalidCidr({ entry: cidr })
    if (parsed.version === 4) this.four.addSubnet(parsed.text, own, "ipv4")
    else this.six.addSubnet(parsed.text, own, "ipv6")
  }
}
