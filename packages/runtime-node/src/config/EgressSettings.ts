import type { CrochetConfig } from "./defineConfig.ts"
import type { SettingReader } from "./SettingReader.ts"
import { cidrs, oneOf } from "./SettingValue.ts"

/** Which networks may be reached, and which proxies lie before this server. */
export interface EgressSettings {
  /** CIDRs that connectors and webhooks may reach although they are private. */
  readonly egressAllow: ReadonlyArray<string>
  /** Plain http to public hosts. */
  readonly egressHttp: boolean
  /** Ports from 1024 on of public hosts. */
  readonly egressHighPorts: boolean
  /** Networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: ReadonlyArray<string>
}

/** Reads the networks. */
export const read = ({ check, value }: SettingReader, config: CrochetConfig): EgressSettings => {
  const egressAllow = check(
    value("CROCHET_EGRESS_ALLOW", "egressAllow", config.egressAllow?.join(",")),
    [],
    cidrs,
    "is not a list of CIDRs.",
    "Give address ranges separated by commas, e.g. 10.0.0.0/8,fd00::/8."
  )
  const onOrOff = (name: string, key: "egressHttp" | "egressHighPorts") =>
    check(
      value(name, key, config[key] === undefined ? undefined : config[key] ? "on" : "off"),
      "off",
      oneOf(["on", "off"]),
      "is neither on nor off.",
      "Give on or off."
    ) === "on"
  const egressHttp = onOrOff("CROCHET_EGRESS_HTTP", "egressHttp")
  const egressHighPorts = onOrOff("CROCHET_EGRESS_HIGH_PORTS", "egressHighPorts")
  const trustedProxies = check(
    value("CROCHET_TRUSTED_PROXIES", "trustedProxies", config.trustedProxies?.join(",")),
    [],
    cidrs,
    "is not a list of CIDRs.",
    "Give the addresses of the proxies before this server, separated by commas, e.g. 10.0.0.0/8."
  )
  return { egressAllow, egressHttp, egressHighPorts, trustedProxies }
}
