import { Resolver } from "node:dns"
import { isIP } from "node:net"
import type { LookupAddress } from "node:dns"
import type { Resolve } from "./EgressGuard.ts"

/** How name servers are asked. */
export interface NameServerOptions {
  /** For the first try, in milliseconds; later ones wait longer. */
  readonly timeoutMillis: number
  readonly tries: number
}

/**
 * Resolves by asking these name servers (`10.0.0.2`, `[fd00::2]:5353`) instead of the system: names in the hosts file and
 * search domains are unknown to them, and a slow one does not take a place in the pool of threads in which the system's
 * resolver waits. IPv4 and IPv6 are asked for together; a name without either is not found.
 */
export const resolve = (servers: ReadonlyArray<string>, options: Partial<NameServerOptions> = {}): Resolve => {
  const resolver = new Resolver({ timeout: options.timeoutMillis ?? 3000, tries: options.tries ?? 2 })
  resolver.setServers(servers)
  return (hostname, callback) => {
    const found: Array<LookupAddress> = []
    let failure: Error | null = null
    let left = 2
    const collect = (error: Error | null, addresses: ReadonlyArray<string> | undefined) => {
      if (error !== null) failure ??= error
      for (const address of addresses ?? []) found.push({ address, family: isIP(address) })
      // All answers are judged, so both have to be there.
      if (--left === 0) callback(found.length > 0 ? null : failure, found)
    }
    resolver.resolve4(hostname, collect)
    resolver.resolve6(hostname, collect)
  }
}
