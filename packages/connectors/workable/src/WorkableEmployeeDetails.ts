import { ConnectorError } from "@crochet/core"
import type { Paginator, ProviderClient, Resource } from "@crochet/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { single } from "./WorkableEndpoints.ts"
import { isRefusal } from "./WorkableErrors.ts"
import { linked } from "./WorkableListing.ts"
import type { WireRow } from "./WorkableWire.ts"
import { Employees, list, Members, part, Row, text } from "./WorkableWire.ts"

type Context = Resource.ResourceContext
type Failure = ConnectorError.ConnectorError

const operation = "employee.get"

/** How much of the HR side a member may see, most first. */
const ranks: ReadonlyArray<(member: WireRow) => boolean> = [
  ({ roles }) => Array.isArray(roles) && roles.includes("workable.superadmin"),
  ({ hris_role, roles }) => hris_role === "hris_admin" || (Array.isArray(roles) && roles.includes("hris.admin"))
]

const members = linked({
  operation,
  path: "/members",
  answer: Members,
  items: ({ members }) => members,
  query: () => ({ status: "active" })
})

/** Whoever may see all employees: a single one is shown to a member (recorded 2026-07), who must be named. */
const chooseViewer = (context: Context): Effect.Effect<string | undefined, Failure> =>
  members({ ...context, checkpoint: null }).pipe(
    Stream.runFold(
      (): Array<string | undefined> => [],
      (best, one) => {
        if (one._tag !== "Page") return best
        for (const [rank, fits] of ranks.entries()) best[rank] ??= text(one.records.find(fits)?.id)
        return best
      }
    ),
    Effect.map((best) => best.find((id) => id !== undefined)),
    // A token that may not see the members asks without one.
    Effect.catchIf(isRefusal, () => Effect.succeed(undefined))
  )

const viewers = new WeakMap<
  ProviderClient.ProviderClient,
  { readonly viewer: string | undefined; readonly until: number }
>()

/** A hundred employees may be asked for one after the other; members come and go. */
const chosenForMillis = 600_000

const viewerOf = Effect.fnUntraced(function* (context: Context): Effect.fn.Return<string | undefined, Failure> {
  const now = yield* Clock.currentTimeMillis
  const before = viewers.get(context.client)
  if (before !== undefined && before.until > now) return before.viewer
  const viewer = yield* chooseViewer(context)
  viewers.set(context.client, { viewer, until: now + chosenForMillis })
  return viewer
})

const rowOf = (context: Context, id: string, viewer: string | undefined) =>
  single(
    context,
    {
      operation,
      path: `/employees/${encodeURIComponent(id)}`,
      query: viewer === undefined ? {} : { member_id: viewer }
    },
    Row,
    (details) => text(details.id) === id
  )

/** Somebody else whom the list shows, if there is anybody. */
const somebody = (context: Context, id: string) =>
  Effect.map(
    context.client.decode({ operation, path: "/employees", query: { limit: 2, offset: 0 } }, Employees),
    ({ employees }) => employees.map((row) => text(row.id)).find((other) => other !== undefined && other !== id)
  )

/** What the endpoint of a single employee says; `null` when it cannot be relied upon. */
const said = Effect.fnUntraced(function* (
  context: Context,
  id: string
): Effect.fn.Return<Option.Option<WireRow> | null, Failure> {
  const viewer = yield* viewerOf(context)
  const found = yield* rowOf(context, id, viewer)
  if (Option.isSome(found)) return Option.some(asListed(found.value))
  // "Not found" may also mean that the viewer may not see them: somebody else whom the list has must be shown.
  const other = yield* somebody(context, id)
  const shown = other === undefined || Option.isSome(yield* rowOf(context, other, viewer))
  return shown ? Option.none() : null
})

const unreliable = (error: Failure) =>
  isRefusal(error) || error.reason._tag === "InvalidRequest" || error.reason._tag === "BadPayload"

/**
 * An employee by id in the form of the list; `None` when there is no such employee. Where the account's token is not
 * shown single employees, the list is looked through for them.
 */
export const employeeOf = Effect.fnUntraced(function* (
  context: Context,
  id: string,
  list: Paginator.Pager<WireRow>
): Effect.fn.Return<Option.Option<WireRow>, Failure> {
  const single = yield* Effect.catchIf(said(context, id), unreliable, () => Effect.succeed(null))
  if (single !== null) return single
  const { known, row } = yield* Stream.runFold(
    list({ ...context, checkpoint: null }),
    (): { known: number; row: WireRow | undefined } => ({ known: 0, row: undefined }),
    (seen, one) =>
      one._tag === "Page"
        ? { known: seen.known + one.records.length, row: seen.row ?? one.records.find((row) => text(row.id) === id) }
        : seen
  )
  if (known > 0) return Option.fromUndefinedOr(row)
  // A list that suddenly shows nobody proves nothing about anybody.
  const message = "single employees are not shown, and the list shows nobody"
  return yield* context.client.fail(operation, new ConnectorError.BadPayload({ message }))
})

/** The values of a group, the primary one first; a group is a list of rows with a history. */
const values = (group: unknown): ReadonlyArray<unknown> =>
  [...(list(group) ?? [])]
    .sort((a, b) => Number(b.is_primary === true) - Number(a.is_primary === true))
    .map(({ value }) => value)

/** An id, also where the app writes what it is the id of. */
const reference = (value: unknown) => text(value) ?? text(part(value).id) ?? text(part(value).value)

/**
 * The single employee's answer under the names of the list. Both were recorded of one person, without department and
 * division (2026-07): `department` and `division` are named as in `/employee_fields`.
 */
export const asListed = (details: WireRow): WireRow => ({
  id: details.id,
  firstname: details.firstname,
  lastname: details.lastname,
  email: values(details.personal_email)[0],
  start_date: details.start_date,
  employee_number: details.employee_number,
  phone: part(values(details.phone_group)[0]).phone,
  job_title: details.job_title,
  manager_id: reference(details.reports_to),
  department_id: reference(details.department),
  division_id: reference(details.division),
  legal_entity_id: reference(details.legal_entity),
  work_email: details.work_email,
  preferred_name: details.preferred_name,
  status_semantic_type: reference(details.status),
  birthdate: details.birthdate
})
