import { Declare, Paginator, type ProviderClient } from "@crochet/core"
import { Employee } from "@crochet/models"
import { map } from "./OktaMapping.ts"
import { OktaUser } from "./OktaUser.ts"

/** The person that a deletion in the system log is about. */
const deletedUser = (event: unknown): string => {
  const { target } = event as { readonly target: ReadonlyArray<{ readonly id: string; readonly type: string }> }
  return target.find(({ type }) => type === "User")?.id ?? ""
}

/** The rows of a page. Each of Okta's pages links to itself: a bare list without that link is somebody else's answer. */
const page = (answer: unknown, { headers }: ProviderClient.ProviderResponse): ReadonlyArray<unknown> => {
  if (!Array.isArray(answer) || Paginator.linkOf(headers["link"], "self") === undefined) throw new TypeError("page")
  return answer
}

/**
 * `/users`. Without a filter Okta leaves deactivated people out; `filter` reads current data, while `search` reads an
 * index that is some minutes late, and knows `gt` but not `ge`
 * (https://developer.okta.com/docs/api/openapi/okta-management/management/user/, read 2026-11).
 */
export const users = Declare.resource(Employee, {
  operation: "employee",
  row: OktaUser,
  id: "id",
  list: Declare.linkHeader({
    path: "/users",
    query: { limit: 200, filter: 'lastUpdated gt "1970-01-01T00:00:00.000Z"' },
    items: page,
    paging: "token"
  }),
  changes: {
    field: "lastUpdated",
    param: { filter: 'lastUpdated gt "{since}"' },
    inclusive: false,
    granularity: "millisecond",
    overlap: "5 minutes"
  },
  deletions: {
    // Deletions are in the system log alone, for 90 days. A request without `until` always names a next page, to be
    // polled later: an empty page is the end for now (https://developer.okta.com/docs/reference/system-log-query/).
    list: Declare.nextUrl({
      path: "/logs",
      query: { filter: 'eventType eq "user.lifecycle.delete.completed"', sortOrder: "ASCENDING", limit: 1000 },
      next: (events, { headers }) =>
        Array.isArray(events) && events.length > 0 ? (Paginator.linkOf(headers["link"], "next") ?? null) : null,
      paging: "token"
    }),
    id: deletedUser,
    param: "since",
    // The log may be closed to administrators who see only some people.
    whenRefused: "report"
  },
  get: "/users/{id}",
  map,
  unread: "UNSUPPORTED",
  support: {
    profile: { fields: { worksRemotely: "UNSUPPORTED" } },
    // Free text that may be an id, a login or an employee number.
    orgStructure: { fields: { manager: "NOT_IMPLEMENTED" } },
    contactInfo: { fields: { workPhones: "NOT_IMPLEMENTED" } },
    locations: "NOT_IMPLEMENTED",
    company: "NOT_IMPLEMENTED"
  }
})
