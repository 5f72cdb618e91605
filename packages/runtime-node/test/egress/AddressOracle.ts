// What may be reached, told a second time and in another way (numbers and ranges), to check the guard's own answer.

/** An address as a number; null for what is none. */
export const numberOf = (text: string): { readonly bits: 32 | 128; readonly value: bigint } | null => {
  const four = (part: string): bigint | null => {
    const octets = part.split(".")
    if (octets.length !== 4 || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256))
      return null
    return octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)
  }
  if (!text.includes(":")) {
    const value = four(text)
    return value === null ? null : { bits: 32, value }
  }
  const tail = /[^:]*\.[^:]*$/.exec(text)?.[0]
  const embedded = tail === undefined ? undefined : four(tail)
  if (embedded === null) return null
  const words =
    embedded === undefined
      ? text
      : `${text.slice(0, -tail!.length)}${(embedded >> 16n).toString(16)}:${(embedded & 0xffffn).toString(16)}`
  const halves = words.split("::")
  if (halves.length > 2) return null
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")))
  if (groups.flat().some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null
  const missing = 8 - groups.flat().length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const all =
    halves.length === 1 ? groups[0]! : [...groups[0]!, ...Array.from({ length: missing }, () => "0"), ...groups[1]!]
  return { bits: 128, value: all.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n) }
}

const ranges = (pairs: ReadonlyArray<readonly [string, string]>) =>
  pairs.map(([first, last]) => [numberOf(first)!.value, numberOf(last)!.value] as const)
const four = ranges([
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["127.0.0.0", "127.255.255.255"],
  ["168.63.129.16", "168.63.129.16"],
  ["169.254.0.0", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.88.99.0", "192.88.99.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "255.255.255.255"]
])
const all = "ffff:ffff:ffff:ffff:ffff"
const six = ranges([
  ["::", "::ffff:ffff"],
  ["::ffff:0:0:0", "::ffff:0:ffff:ffff"],
  ["64:ff9b::", "64:ff9b::ffff:ffff"],
  ["64:ff9b:1::", `64:ff9b:1:${all}`],
  ["100::", "100::1:ffff:ffff:ffff:ffff"],
  ["2001::", `2001:1ff:ffff:${all}`],
  ["2001:db8::", `2001:db8:ffff:${all}`],
  ["2002::", `2002:ffff:ffff:${all}`],
  ["2620:4f:8000::", `2620:4f:8000:${all}`],
  ["3fff::", `3fff:fff:ffff:${all}`],
  ["5f00::", `5f00:ffff:ffff:${all}`],
  ["fc00::", `fdff:ffff:ffff:${all}`],
  ["fe80::", `feff:ffff:ffff:${all}`],
  ["ff00::", `ffff:ffff:ffff:${all}`]
])
const within = (list: ReadonlyArray<readonly [bigint, bigint]>, value: bigint) =>
  list.some(([first, last]) => first <= value && value <= last)

/** Whether the public internet ends before this address; what is no address is as closed. */
export const isClosed = (text: string): boolean => {
  const parsed = numberOf(text)
  if (parsed === null) return true
  if (parsed.bits === 32) return within(four, parsed.value)
  const low = parsed.value & 0xffffffffn
  if (parsed.value >> 32n === 0xffffn) return within(four, low)
  // ISATAP inside any network.
  const middle = (parsed.value >> 32n) & 0xffffffffn
  if ((middle === 0x5efen || middle === 0x02005efen) && within(four, low)) return true
  return within(six, parsed.value)
}
