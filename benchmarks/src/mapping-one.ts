/** Measures the mapping of one connector's rows in a process of its own, and prints the figures as JSON. */
import { Canonical, type Resource } from "@crochet/core"
import { load } from "./Connectors.ts"
import { rowsOf } from "./ConnectorRows.ts"

const rounds = 7
const roundMillis = 700

/** What the engine does with a changed row between identifying and fingerprinting it: `toRecord`, then every model. */
const mapperOf = (resource: Resource.AnyResource) => {
  const decoders = Object.entries(resource.dataType.models)
    .filter(([key, model]) => model.byDefault && resource.support[key]?.support === "SUPPORTED")
    .map(([key, model]) => [key, Canonical.decoder(model.schema)] as const)
  const map = (row: unknown) => {
    const mapped = resource.toRecord(row) as { readonly [key: string]: unknown }
    const record: Record<string, unknown> = {}
    for (const [key, decode] of decoders) {
      const value = mapped[key]
      record[key] = value === null || value === undefined ? null : decode(value)
    }
    return record
  }
  return { map, models: decoders.length }
}

/** Times per second that the function can go through the rows, each round going on for a while; the best round. */
const best = <A>(rows: ReadonlyArray<A>, work: (row: A) => unknown): number => {
  let found = 0
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    let done = 0
    while (performance.now() - began < roundMillis) {
      for (const row of rows) work(row)
      done += rows.length
    }
    found = Math.max(found, (done / (performance.now() - began)) * 1000)
  }
  return found
}

const connector = await load(process.argv[2]!)
const recorded = await rowsOf(connector)
const figures = recorded?.map(({ resource, rows }) => {
  if (rows.length === 0) return { dataType: resource.dataType.id, rows: 0, models: 0, bytes: 0, parsed: 0, mapped: 0 }
  const { map, models } = mapperOf(resource)
  const texts = rows.map((row) => JSON.stringify(row))
  return {
    dataType: resource.dataType.id,
    rows: rows.length,
    models,
    bytes: Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / rows.length),
    parsed: best(texts, (text): unknown => JSON.parse(text)),
    mapped: best(rows, map)
  }
})
process.stdout.write(JSON.stringify(figures ?? null))
process.exit(0)
