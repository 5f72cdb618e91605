import { existsSync, readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import type { BambooHRSimulator } from "@crochet/simulators"

/** Fields of the dataset that tell who somebody is. */
const personal = [
  "firstName",
  "middleName",
  "lastName",
  "preferredName",
  "firstNameLastName",
  "name",
  "email",
  "homeEmail",
  "workPhone",
  "mobilePhone",
  "homePhone",
  "ssn",
  "nationalId",
  "nin",
  "sin",
  "taxId",
  "passportNumber",
  "customField4338",
  "customField4339",
  "addressLineOne",
  "linkedinUrl"
]
/** And those of the tables. */
const personalInTables = {
  dependents: ["firstName", "middleName", "lastName", "ssn", "addressLine1", "homePhone"],
  contacts: ["name", "homePhone", "mobilePhone", "email"],
  customBankInfo: ["customAccountNumber"]
}

/**
 * Whether a value can be looked for. Shorter texts, such as the name Wen, stand in a megabyte of ciphertext by chance:
 * every few runs would find one.
 */
export const isCanary = (value: unknown): value is string => typeof value === "string" && value.length >= 5

const texts = (row: Record<string, unknown>, fields: ReadonlyArray<string>) =>
  fields.map((field) => row[field]).filter(isCanary)

/** Every name, e-mail address, phone number, address, identity and account number that the simulator holds right now. */
export const canariesOf = async (simulator: BambooHRSimulator): Promise<ReadonlySet<string>> => {
  const headers = { authorization: `Basic ${btoa(`${simulator.apiKey}:x`)}`, accept: "application/json" }
  const ask = async (path: string, body?: object) => {
    const response = await fetch(`${simulator.url}/api/${path}`, {
      headers,
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) })
    })
    if (!response.ok) throw new Error(`The simulator answered ${response.status} to ${path}`)
    return response.json()
  }
  const found = new Set<unknown>()
  const known = new Set(
    (await ask("v1_2/datasets/employee/fields?page_size=1000")).fields.map((field: { name: string }) => field.name)
  )
  const fields = personal.filter((field) => known.has(field))
  for (let page = 1, more = true; more; page++) {
    const { data } = await ask("v2/datasets/employee/data", { fields, page, pageSize: 1000 })
    for (const row of data) for (const text of texts(row, fields)) found.add(text)
    more = data.length === 1000
  }
  for (const [name, columns] of Object.entries(personalInTables)) {
    for (const row of await ask(`v1/employees/all/tables/${name}`))
      for (const text of texts(row, columns)) found.add(text)
  }
  return found as ReadonlySet<string>
}

/** What a search went through and found. */
export interface Search {
  readonly needles: number
  readonly bytes: number
  readonly hits: ReadonlyMap<string, ReadonlyArray<string>>
}

/**
 * Looks for every needle in every haystack, by its bytes. Needles of fewer than six bytes are looked for as JSON strings,
 * with their quotes: so few bytes alone would turn up in any megabyte of ciphertext.
 */
export const search = (canaries: Iterable<string>, haystacks: ReadonlyMap<string, Buffer>): Search => {
  const byHead = new Map<number, Array<Buffer>>()
  let needles = 0
  for (const text of canaries) {
    const needle = Buffer.from(Buffer.byteLength(text) < 6 ? JSON.stringify(text) : text)
    const head = needle.readUInt32BE()
    byHead.set(head, [...(byHead.get(head) ?? []), needle])
    needles++
  }
  const hits = new Map<string, Array<string>>()
  let bytes = 0
  for (const [name, haystack] of haystacks) {
    bytes += haystack.length
    for (let at = 0; at + 4 <= haystack.length; at++) {
      for (const needle of byHead.get(haystack.readUInt32BE(at)) ?? []) {
        if (haystack.compare(needle, 0, needle.length, at, Math.min(at + needle.length, haystack.length)) !== 0)
          continue
        const text = needle.toString("utf8")
        hits.set(text, [...new Set([...(hits.get(text) ?? []), name])])
      }
    }
  }
  return { needles, bytes, hits }
}

/** The files of the database and the log, as they are on the disk at this moment. */
export const filesOf = (database: string, log: string): ReadonlyMap<string, Buffer> =>
  new Map(
    [database, `${database}-wal`, `${database}-shm`, log]
      .filter((file) => existsSync(file))
      .map((file) => [file, readFileSync(file)])
  )

/** What is still kept of events: bodies, and the keys that open the bodies of runs. */
export const leftOvers = (database: string): { readonly bodies: number; readonly runKeys: number } => {
  const opened = new DatabaseSync(database, { readOnly: true })
  try {
    const count = (from: string) => Number(opened.prepare(`SELECT count(*) AS n FROM ${from}`).get()?.n)
    return { bodies: count("bodies"), runKeys: count("data_keys WHERE owner = 'run'") }
  } finally {
    opened.close()
  }
}
