import { ConnectorError, Page, type ProviderClient, Resource } from "@crochet/core"
import { Employee } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Company from "./PlaygroundCompany.ts"
import { toRecord } from "./PlaygroundMapping.ts"
import type { PlaygroundRow } from "./PlaygroundRow.ts"
import * as Settings from "./PlaygroundSettings.ts"
import { support } from "./PlaygroundSupport.ts"

const pageSize = 500

/**
 * How far a listing or a delta has come. `at` stays the same for all pages: what happens meanwhile belongs to the next
 * delta. `from` is where a delta began. `company` tells whether it is still the same company.
 */
const Checkpoint = Schema.Struct({
  company: Schema.String,
  at: Schema.Finite,
  from: Schema.NullOr(Schema.Finite),
  next: Schema.Int
})
const readCheckpoint = Schema.decodeUnknownOption(Checkpoint)

/** The settings of the account, or the error that names the field. */
export const settingsOf = (client: ProviderClient.ProviderClient, operation: string) => {
  const parsed = Settings.parse(client.settings)
  return "settings" in parsed
    ? Effect.succeed(parsed.settings)
    : Effect.fail(client.fail(operation, new ConnectorError.InvalidRequest(parsed), parsed.message))
}

const open = Effect.fnUntraced(function* (client: ProviderClient.ProviderClient, operation: string) {
  const settings = yield* settingsOf(client, operation)
  const expired = (message: string) => client.fail(operation, new ConnectorError.CursorExpired({ message }))
  return { company: Company.make(settings), key: Settings.key(settings), now: yield* client.providerTime, expired }
})

const wants = (context: Resource.ResourceContext) => ({
  ethnicity: context.models.has(Employee.models.demographics.id)
})

/** Continues from the checkpoint of the same company and kind; a checkpoint of another cannot be gone on from. */
const resume = (
  context: Resource.ResourceContext,
  start: typeof Checkpoint.Type,
  expired: (message: string) => ConnectorError.ConnectorError
) => {
  if (context.checkpoint === null || context.checkpoint === undefined) return Effect.succeed(start)
  const given = readCheckpoint(context.checkpoint)
  return Option.isSome(given) && given.value.company === start.company && given.value.from === start.from
    ? Effect.succeed(given.value)
    : Effect.fail(expired("The checkpoint is of another company or listing."))
}

/** Everybody, seat by seat, as of one instant. */
const list = (context: Resource.ResourceContext) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { company, expired, key, now } = yield* open(context.client, "employee.list")
      const { at, next } = yield* resume(context, { company: key, at: now, from: null, next: 0 }, expired)
      const { eventsUntil, seats } = company.timetable
      const events = eventsUntil(at)
      const pages = pagesOf(seats, next, (first, end) => {
        const records = range(first, end).map((seat) => company.rowAt(seat, events, wants(context)))
        return Page.page(records, { checkpoint: { company: key, at, from: null, next: end } })
      })
      return Stream.concat(
        pages,
        Stream.sync(() => context.end({ because: "every seat was visited, as of one instant", paging: "keyset" }))
      )
    })
  )

/** A cursor is an instant and the company that it is about. */
const cursorOf = (at: number, key: string) => `${at}:${key}`

const start = Effect.fnUntraced(function* (context: Resource.ResourceContext) {
  const { key, now } = yield* open(context.client, "employee.changes")
  return cursorOf(now, key)
})

/**
 * The difference between two instants, event by event, each seat at its last event; seat by seat once there have been
 * more events than seats.
 */
const fetch = (context: Resource.ResourceContext, cursor: string) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { company, expired, key, now } = yield* open(context.client, "employee.changes")
      const from = Number(/^\d+(?=:)/.exec(cursor)?.[0] ?? Number.NaN)
      if (cursor !== cursorOf(from, key)) return yield* expired("The cursor is of another company.")
      // A clock that went back has nothing to tell, and must not lead to a cursor that reports things twice.
      const { at, next } = yield* resume(context, { company: key, at: Math.max(now, from), from, next: 0 }, expired)
      const { eventsUntil, nextEventOf, seatOf, seats } = company.timetable
      const [before, after] = [eventsUntil(from), eventsUntil(at)]
      const everySeat = after - before >= seats
      const count = everySeat ? seats : after - before
      const pages = pagesOf(count, next, (first, end) => {
        const changed = everySeat
          ? range(first, end).filter((seat) => nextEventOf(seat, before) < after)
          : range(before + first, before + end).flatMap((event) => {
              const seat = seatOf(event)
              return nextEventOf(seat, event + 1) < after ? [] : [seat]
            })
        return Page.page(
          changed.map((seat) => company.rowAt(seat, after, wants(context))),
          {
            deleted: changed.flatMap((seat) => {
              const id = company.idAt(seat, before)
              return id === company.idAt(seat, after) ? [] : [id]
            }),
            checkpoint: { company: key, at, from, next: end }
          }
        )
      })
      const end = {
        because: "every event until the instant was visited",
        paging: "keyset",
        cursor: cursorOf(at, key)
      } as const
      return Stream.concat(
        pages,
        Stream.sync(() => context.end(end))
      )
    })
  )

const get = Effect.fnUntraced(function* (context: Resource.ResourceContext, recordId: string) {
  const { company, now } = yield* open(context.client, "employee.get")
  const seat = company.seatOfId(recordId)
  const events = company.timetable.eventsUntil(now)
  return seat === null || company.idAt(seat, events) !== recordId
    ? Option.none()
    : Option.some(company.rowAt(seat, events, wants(context)))
})

/** Employees: all models that the made-up HR system has something for. */
export const employees = Resource.make<typeof Employee, PlaygroundRow>({
  dataType: Employee,
  mapperVersion: 1,
  list,
  changes: { start, fetch },
  get,
  recordId: (row) => row.id,
  toRecord,
  updatedAt: (row) => Date.parse(row.updated),
  support
})

const pagesOf = (count: number, next: number, page: (first: number, end: number) => Page.Page<PlaygroundRow>) =>
  Stream.paginate(next, (first) =>
    Effect.sync(() => {
      if (first >= count) return [[], Option.none<number>()] as const
      const end = Math.min(first + pageSize, count)
      return [[page(first, end)], end < count ? Option.some(end) : Option.none<number>()] as const
    })
  )

const range = (first: number, end: number): ReadonlyArray<number> =>
  Array.from({ length: end - first }, (_, i) => first + i)
