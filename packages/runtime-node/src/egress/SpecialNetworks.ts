/**
 * Networks that requests must not go to: the special-purpose registries of IANA
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry, read 2026-11), multicast,
 * and IPv6 forms that carry an IPv4 address.
 */
export const blocked: ReadonlyArray<string> = [
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
export const metadata: ReadonlyArray<string> = [
  "169.254.169.254",
  "169.254.169.253",
  "169.254.169.123",
  // Amazon ECS and EKS
  "169.254.170.2",
  "169.254.170.23",
  "fd00:ec2::254",
  "fd00:ec2::23",
  // Alibaba
  "100.100.100.200",
  // Azure, a public address
  "168.63.129.16",
  // Oracle
  "192.0.0.192",
  // Google, IPv6
  "fd20:ce::254",
  // Scaleway
  "169.254.42.42",
  "fd00:42::42",
  // Tencent
  "169.254.0.23",
  // Akamai (Linode), IPv6
  "fd00:a9fe:a9fe::1",
  // OpenStack, IPv6
  "fe80::a9fe:a9fe"
]

/** Names under which clouds give out credentials: never a target. */
export const metadataNames: ReadonlySet<string> = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.azure.internal",
  "metadata.tencentyun.com",
  "metadata.platformequinix.com",
  "instance-data",
  "instance-data.ec2.internal"
])

/** Ends of names that mean something only inside a network or a machine. */
export const innerSuffixes: ReadonlyArray<string> = [
  ".localhost",
  ".internal",
  ".local",
  ".localdomain",
  ".home.arpa",
  ".lan",
  ".intranet",
  ".corp",
  ".home",
  ".private",
  ".svc"
]
