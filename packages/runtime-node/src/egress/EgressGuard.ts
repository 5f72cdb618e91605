import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { lookup as systemLookup, type LookupAddress } from "node:dns"
import { isIP } from "node:net"
import { networkInterfaces } from "node:os"
import * as AddressPolicy from "./AddressPolicy.ts"
import * as IpAddress from "./IpAddress.ts"
import { innerSuffixes, metadataNames } from "./SpecialNetworks.ts"

const unlessListed = "unless its network is listed in CROCHET_EGRESS_ALLOW"
/** Why a request is refused. The reasons are the only thing that is said about the target. */
export const refusals = {
  url: "is not a URL of at most 2048 characters without spaces, backslashes and control characters",
  scheme: `must start with https:// ${unlessListed} or CROCHET_EGRESS_HTTP is on`,
  userinfo: "must not contain a user name or a password",
  fragment: "must not contain a fragment (#)",
  host: `has a host that requests must not go to ${unlessListed}`,
  port: `must have port 443 ${unlessListed}; CROCHET_EGRESS_HIGH_PORTS opens ports from 1024 on`,
  address: `leads to a private or reserved address, which is closed ${unlessListed}`,
  unresolved: "has a host that cannot be found"
} as const
/** Why a request is refused. */
export type Refusal = keyof typeof refusals

/** A URL or an address that requests must not go to. The message names the rule and how to change it, no address. */
export class EgressRefused extends Schema.TaggedError<EgressRefused>()("EgressRefused", {
  refusal: Schema.Literals(Object.keys(refusals) as ReadonlyArray<Refusal>)
}) {
  override get message(): string {
    return `The URL ${refusals[this.refusal]}`
  }
}

/** Resolves a name to all its addresses, as `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  callback: (error: Error | null, addresses: ReadonlyArray<LookupAddress>) => void
) => void

/** What the operator allows. */
export interface EgressSettings {
  /** Networks (CIDR) that may be reached although they are private, over http and on any port, too. */
  readonly allow: ReadonlyArray<string>
  /** Plain http to public hosts. */
  readonly allowHttp: boolean
  /** Ports from 1024 on, to public hosts. */
  readonly allowHighPorts: boolean
  /** Where this process itself listens: never a target, whatever is allowed. */
  readonly ownPorts: () => ReadonlySet<number>
  /** For tests; by default the system's resolver. */
  readonly resolve: Resolve
}

/** Public https only. */
export const defaults: EgressSettings = {
  allow: [],
  allowHttp: false,
  allowHighPorts: false,
  ownPorts: () => new Set(),
  resolve: (hostname, callback) => systemLookup(hostname, { all: true, verbatim: true }, callback)
}

/** What an installation's settings say about ways out. */
export const fromSettings = (settings: {
  readonly egressAllow: ReadonlyArray<string>
  readonly egressHttp: boolean
  readonly egressHighPorts: boolean
}): Pick<EgressSettings, "allow" | "allowHttp" | "allowHighPorts"> => ({
  allow: settings.egressAllow,
  allowHttp: settings.egressHttp,
  allowHighPorts: settings.egressHighPorts
})

/** Where a request may go, decided before and again while connecting. */
export class EgressGuard extends Context.Service<
  EgressGuard,
  {
    /**
     * Judges a URL by itself, without looking its host up: to be asked before every request. A literal address is judged
     * completely.
     */
    readonly check: (url: string) => EgressRefused | null
    /** Judges a URL including all addresses of its host: for a friendly answer when it is saved. */
    readonly verify: (url: string) => Effect.Effect<void, EgressRefused>
    /** All addresses of a host, when every one of them may be reached over the protocol and port. */
    readonly addresses: (
      target: Target,
      callback: (error: Error | null, addresses: ReadonlyArray<LookupAddress>) => void
    ) => void
    /** Judges the address that a connection really has. */
    readonly permits: (target: Target, address: string | undefined) => boolean
  }
>()("@crochet/runtime-node/egress/EgressGuard") {
  /** A guard by these settings. What is allowed beyond the public internet is logged. */
  static readonly layer = (
    settings: Partial<EgressSettings> = {}
  ): Layer.Layer<EgressGuard, AddressPolicy.InvalidCidr> =>
    Layer.effect(
      EgressGuard,
      Effect.gen(function* () {
        const guard = yield* Effect.try({
          try: () => make(settings),
          catch: (error) =>
            error instanceof AddressPolicy.InvalidCidr ? error : new AddressPolicy.InvalidCidr({ entry: "?" })
        })
        const { allow, allowHighPorts, allowHttp } = { ...defaults, ...settings }
        if (allow.length > 0) yield* Effect.logWarning(`Requests may go to private networks: ${allow.join(", ")}`)
        if (allowHttp) yield* Effect.logWarning("Requests may go to public hosts over plain http")
        if (allowHighPorts) yield* Effect.logWarning("Requests may go to ports from 1024 on of public hosts")
        return guard
      })
    )

  /** A guard by the environment: `CROCHET_EGRESS_ALLOW`, networks (CIDR) separated by commas or spaces. */
  static readonly layerConfig: Layer.Layer<EgressGuard, AddressPolicy.InvalidCidr | Config.ConfigError> = Layer.unwrap(
    Effect.map(Config.String("CROCHET_EGRESS_ALLOW").pipe(Config.withDefault("")), (text) =>
      EgressGuard.layer({ allow: text.split(/[\s,]+/).filter((entry) => entry !== "") })
    )
  )
}

/** The end of a connection that is to be made. */
export interface Target {
  readonly protocol: string
  /** A name or an address, the latter without brackets. */
  readonly hostname: string
  readonly port: number
}

const longestUrl = 2048
/** For the friendly answer when a URL is saved; attempts have limits of their own. */
const longestLookup = "10 seconds"
/** Names that only mean something inside a network or a machine. */
const isInner = (name: string): boolean =>
  isIP(name) === 0 && (!name.includes(".") || innerSuffixes.some((suffix) => name.endsWith(suffix)))

const isOwn = (address: string): boolean => {
  const text = IpAddress.parse(address)?.text ?? ""
  // Connecting to the unspecified address connects to this machine.
  if (text === "::" || text === "::1" || text.startsWith("127.") || text.startsWith("0.")) return true
  return Object.values(networkInterfaces()).some((interfaces) => interfaces?.some((one) => one.address === text))
}

/** Makes a guard. Throws `InvalidCidr` when `allow` cannot be read. */
export const make = (partial: Partial<EgressSettings> = {}): EgressGuard["Service"] => {
  const settings = { ...defaults, ...partial }
  const policy = AddressPolicy.make(settings.allow)

  /** The rule that keeps a target for listed networks; null when any public address will do. */
  const specialty = ({ protocol, hostname, port }: Target): Refusal | null => {
    if (isInner(hostname)) return "host"
    if (protocol !== "https:" && !settings.allowHttp) return "scheme"
    return port === (protocol === "https:" ? 443 : 80) || (port >= 1024 && settings.allowHighPorts) ? null : "port"
  }

  const refusalOf = (target: Target, address: string): Refusal | null => {
    if (!policy.permits(address)) return "address"
    if (settings.ownPorts().has(target.port) && isOwn(address)) return "address"
    return policy.isListed(address) ? null : specialty(target)
  }

  const judge = (text: string): Refusal | null => {
    // Parsers differ in what they make of these characters, and a URL needs none of them.
    if (text.length > longestUrl || /[\0-\x20\x7f\\]/.test(text) || !URL.canParse(text)) return "url"
    const url = new URL(text)
    if (url.protocol !== "https:" && url.protocol !== "http:") return "scheme"
    if (url.username !== "" || url.password !== "" || /^[a-z]+:\/*[^/?#]*@/i.test(text)) return "userinfo"
    if (text.includes("#")) return "fragment"
    const target = targetOf(url)
    if (isIP(target.hostname) !== 0) return refusalOf(target, target.hostname)
    if (metadataNames.has(target.hostname) || !/^[a-z0-9_.-]{1,253}$/.test(target.hostname)) return "host"
    // A name may lead into a listed network, where more is allowed: that shows when it is looked up.
    return settings.allow.length > 0 ? null : specialty(target)
  }

  const lookups = new Map<string, Array<Parameters<Resolve>[1]>>()
  /** Asks once for all who ask meanwhile: a name whose servers are slow takes one of the resolver's few places. */
  const resolve: Resolve = (hostname, callback) => {
    const waiting = lookups.get(hostname)
    if (waiting !== undefined) return void waiting.push(callback)
    const all = [callback]
    lookups.set(hostname, all)
    settings.resolve(hostname, (error, found) => {
      lookups.delete(hostname)
      for (const each of all) each(error, found)
    })
  }

  const addresses: EgressGuard["Service"]["addresses"] = (target, callback) => {
    const version = isIP(target.hostname)
    const refuse = (refusal: Refusal) => callback(new EgressRefused({ refusal }), [])
    if (version !== 0) {
      const refusal = refusalOf(target, target.hostname)
      return refusal === null ? callback(null, [{ address: target.hostname, family: version }]) : refuse(refusal)
    }
    if (metadataNames.has(target.hostname)) return refuse("host")
    resolve(target.hostname, (error, found) => {
      if (error !== null) return callback(error, [])
      if (found.length === 0) return refuse("unresolved")
      // One bad answer spoils all: whoever answers with a private address beside a public one is up to something.
      for (const { address } of found) {
        const refusal = refusalOf(target, address)
        if (refusal !== null) return refuse(refusal)
      }
      callback(null, found)
    })
  }

  const checked = new Map<string, EgressRefused | null>()
  const check = (url: string): EgressRefused | null => {
    const known = checked.get(url)
    if (known !== undefined) return known
    const refusal = judge(url)
    const result = refusal === null ? null : new EgressRefused({ refusal })
    if (checked.size >= 1024) checked.clear()
    checked.set(url, result)
    return result
  }

  return {
    check,
    permits: (target, address) => address !== undefined && refusalOf(target, address) === null,
    addresses,
    verify: (url) =>
      Effect.callback<void, EgressRefused>((resume) => {
        const refused = check(url)
        if (refused !== null) return resume(Effect.fail(refused))
        addresses(targetOf(new URL(url)), (error) => {
          if (error === null) return resume(Effect.void)
          resume(Effect.fail(error instanceof EgressRefused ? error : new EgressRefused({ refusal: "unresolved" })))
        })
      }).pipe(
        Effect.timeoutOrElse({
          duration: longestLookup,
          orElse: () => Effect.fail(new EgressRefused({ refusal: "unresolved" }))
        })
      )
  }
}

/** The target of a URL; a trailing dot is taken off the name, so that it cannot hide one. */
export const targetOf = (url: URL): Target => ({
  protocol: url.protocol,
  hostname: bare(url.hostname),
  port: url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port)
})

/** A host without the brackets of IPv6 and without trailing dots. */
export const bare = (hostname: string): string =>
  hostname.startsWith("[") ? hostname.slice(1, -1) : hostname.toLowerCase().replace(/\.+$/, "")
