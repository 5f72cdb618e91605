import { isIPv4 } from "node:net"

/** The kinds of records that the server speaks of. */
export const recordTypes = { A: 1, CNAME: 5, AAAA: 28 } as const
/** A kind of record. */
export type RecordType = keyof typeof recordTypes
/** How a server says no (RFC 1035, 4.1.1). */
export const responseCodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const

/** One record of an answer; `name` is the question's unless given. */
export interface DnsRecord {
  readonly type: RecordType
  readonly name?: string
  /** An address, or a name for `CNAME`. */
  readonly data: string
  /** In seconds. Default 0. */
  readonly ttl?: number
}

/** What was asked. */
export interface Question {
  readonly id: number
  readonly name: string
  /** The record type's number when it is none of `recordTypes`. */
  readonly type: RecordType | number
  /** The question as it was sent, to be repeated in the answer. */
  readonly raw: Buffer
}

/** Reads the question of a query; null for what is no query. */
export const parseQuery = (message: Buffer): Question | null => {
  if (message.length < 17 || (message.readUInt16BE(2) & 0x8000) !== 0 || message.readUInt16BE(4) !== 1) return null
  const labels: Array<string> = []
  let offset = 12
  for (;;) {
    const length = message[offset]
    if (length === undefined || length > 63) return null
    offset++
    if (length === 0) break
    labels.push(message.toString("latin1", offset, offset + length))
    offset += length
  }
  if (offset + 4 > message.length) return null
  const number = message.readUInt16BE(offset)
  const known = Object.entries(recordTypes).find(([, value]) => value === number)?.[0] as RecordType | undefined
  return {
    id: message.readUInt16BE(0),
    // Resolvers mix upper and lower case to tell true answers from guessed ones.
    name: labels.join(".").toLowerCase(),
    type: known ?? number,
    raw: message.subarray(12, offset + 4)
  }
}

/** Writes an answer. */
export const response = (
  question: Question,
  answer: {
    readonly records: ReadonlyArray<DnsRecord>
    readonly code: keyof typeof responseCodes
    readonly truncated: boolean
  }
): Buffer => {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(question.id, 0)
  // Response, authoritative, recursion desired and available.
  head.writeUInt16BE(0x8580 | (answer.truncated ? 0x0200 : 0) | responseCodes[answer.code], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(answer.records.length, 6)
  return Buffer.concat([head, question.raw, ...answer.records.map((record) => encoded(record, question.name))])
}

const encoded = ({ data, name, ttl, type }: DnsRecord, asked: string): Buffer => {
  const value = type === "CNAME" ? encodedName(data) : encodedAddress(data)
  const rest = Buffer.alloc(10)
  rest.writeUInt16BE(recordTypes[type], 0)
  rest.writeUInt16BE(1, 2)
  rest.writeUInt32BE(ttl ?? 0, 4)
  rest.writeUInt16BE(value.length, 8)
  // The question's name stands at byte 12 of every message.
  const owner = name === undefined || name === asked ? Buffer.from([0xc0, 12]) : encodedName(name)
  return Buffer.concat([owner, rest, value])
}

const encodedName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split(".")
      .filter((label) => label !== "")
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")])),
    Buffer.from([0])
  ])

const encodedAddress = (address: string): Buffer => {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number))
  const [before = "", after = ""] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::")
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)))
  const head = groups(before)
  const tail = groups(after)
  const all = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]))
}
