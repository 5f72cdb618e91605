/** Measures the mapping of one connector's rows in a process of its own, and prints the figures as JSON. */
import { Canonical } from "@crochet/core"
import { load } from "./Connectors.ts"
import { type Rows, rowsOf } from "./ConnectorRows.ts"
import type { Figures } from "./mapping.ts"

const rounds = 4
const roundMillis = 250

/** What the engine does with a changed row between identifying and fingerprinting it: `toRecord`, then each model. */
const mapperOf = ({ models, resource }: Rows) => {
  const decoders = models.map((key) => [key, Canonical.decoder(resource.dataType.models[key]!.schema)] as const)
  return (row: unknown) => {
    const mapped = resource.toRecord(row) as { readonly [key: string]: unknown }
    const record: Record<string, unknown> = {}
    for (const [key, decode] of decoders) {
      const value = mapped[key]
      record[key] = value === null || value === undefined ? null : decode(value)
    }
    return record
  }
}

/** Milliseconds that this thread has had a core for: what others do on the machine does not count. */
const coreMillis = () => {
  const { system, user } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Rows per second of one core, in the best round: the others were slowed down by collector, compiler or neighbours. */
const best = <A>(rows: ReadonlyArray<A>, work: (row: A) => unknown): number => {
  let found = 0
  for (let round = 0; round < rounds; round++) {
    const began = coreMillis()
    let done = 0
    while (coreMillis() - began < roundMillis) {
      for (const row of rows) work(row)
      done += rows.length
    }
    found = Math.max(found, (done / (coreMillis() - began)) * 1000)
  }
  return found
}

const connector = await load(process.argv[2]!)
const recorded = await rowsOf(connector)
const figures = recorded
  ?.filter(({ rows }) => rows.length > 0)
  .map((one): Figures => {
    const texts = one.rows.map((row) => JSON.stringify(row))
    return {
      dataType: one.resource.dataType.id,
      models: one.models,
      rows: texts.length,
      bytes: Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length),
      parsed: best(texts, (text): unknown => JSON.parse(text)),
      mapped: best(one.rows, mapperOf(one))
    }
  })
process.stdout.write(JSON.stringify(figures ?? null))
