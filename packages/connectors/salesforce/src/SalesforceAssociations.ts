import { Resource } from "@crochet/core"
import { CrmAssociation } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Changes from "./SalesforceChanges.ts"
import * as DescribeGlobal from "./SalesforceDescribeGlobal.ts"
import * as Listing from "./SalesforceListing.ts"
import { updatedAt, volatile } from "./SalesforceObject.ts"
import * as Plans from "./SalesforcePlan.ts"
import * as Query from "./SalesforceQuery.ts"
import * as R from "./SalesforceRow.ts"
import { oneByOne } from "./SalesforceSeveral.ts"

type Context = Resource.ResourceContext

/** An object whose records say that two others belong together. */
interface Kind {
  /** Of its ids, the same in every org. */
  readonly keyPrefix: string
  /** Fields with the id of either side, in the order in which they are looked at, and whose id it is. */
  readonly source: readonly [field: string, object: string]
  readonly targets: ReadonlyArray<readonly [field: string, object: string]>
  readonly label: string
  readonly isPrimary?: string
  readonly isActive?: string
  readonly optional?: ReadonlyArray<string>
  /** Why an org may not have it. */
  readonly reason: string
}

const kinds: { readonly [object: string]: Kind } = {
  OpportunityContactRole: {
    keyPrefix: "00K",
    source: ["OpportunityId", "Opportunity"],
    targets: [["ContactId", "Contact"]],
    label: "Role",
    isPrimary: "IsPrimary",
    reason: "the connected user may not see opportunities or contacts"
  },
  AccountContactRelation: {
    keyPrefix: "07k",
    source: ["AccountId", "Account"],
    targets: [["ContactId", "Contact"]],
    label: "Roles",
    isPrimary: "IsDirect",
    isActive: "IsActive",
    reason: "Contacts to Multiple Accounts is switched off, or the connected user may not see accounts or contacts"
  },
  CampaignMember: {
    keyPrefix: "00v",
    source: ["CampaignId", "Campaign"],
    // A lead that was converted is a contact from then on.
    targets: [
      ["ContactId", "Contact"],
      ["LeadId", "Lead"],
      ["AccountId", "Account"]
    ],
    label: "Status",
    // Only where accounts may be members of campaigns.
    optional: ["AccountId"],
    reason: "the org has no campaigns, or the connected user may not see them"
  }
}

const memory = Plans.memory()

const wantedOf = (object: string): Plans.Wanted => {
  const { isActive, isPrimary, label, optional = [], source, targets } = kinds[object]!
  const flags = [isPrimary, isActive].filter((field) => field !== undefined)
  return {
    memory,
    object,
    fields: { crm_association_info: [source[0], ...targets.map(([field]) => field), label, ...flags] },
    optional
  }
}

/** Reads an object that not every org has: the plan fails first. What is not there is said, and has no records. */
const read = (context: Context, object: string, rows: (wanted: Plans.Wanted) => Query.Rows): Query.Rows =>
  Stream.unwrap(
    Plans.make(context, wantedOf(object)).pipe(
      Effect.as(rows(wantedOf(object))),
      Effect.catch((error) =>
        Effect.gen(function* () {
          if (!(yield* DescribeGlobal.lacks(context, object, error))) return yield* error
          const message = `This org shows no ${object}, so crm_associations has none: ${kinds[object]!.reason}.`
          yield* context.issue({ code: "salesforce.object_unavailable", message })
          const cursor = new Date(yield* context.client.providerTime).toISOString()
          return Stream.sync(() => context.end({ because: "the org does not have it", paging: "whole", cursor }))
        })
      )
    )
  )

const several = (context: Context, rows: (context: Context, wanted: Plans.Wanted) => Query.Rows): Query.Rows =>
  oneByOne(context, Object.keys(kinds), (of, object) => read(of, object, (wanted) => rows(of, wanted)))

/**
 * Contact roles of opportunities, contacts of several accounts, members of campaigns. Changes of these do not touch the
 * records at either end.
 */
export const associations = Resource.make<typeof CrmAssociation, R.Row>({
  dataType: CrmAssociation,
  mapperVersion: 1,
  list: (context) => several(context, Listing.list),
  changes: {
    start: Changes.start,
    fetch: (context, cursor) => several(context, (of, wanted) => Changes.fetch(of, wanted, cursor))
  },
  get: Effect.fnUntraced(function* (context, id) {
    const object = Object.keys(kinds).find((name) => id.startsWith(kinds[name]!.keyPrefix))
    if (object === undefined) return Option.none<R.Row>()
    return yield* Query.get(context, wantedOf(object), id).pipe(
      Effect.catch((error) =>
        Effect.flatMap(DescribeGlobal.lacks(context, object, error), (lacks) =>
          lacks ? Effect.succeed(Option.none<R.Row>()) : Effect.fail(error)
        )
      )
    )
  }),
  recordId: (row) => String(row.Id ?? ""),
  toRecord: (row) => {
    const kind = kinds[row.type]
    if (kind === undefined) throw new TypeError(`${row.type} is no association`)
    const target = kind.targets.find(([field]) => R.text(row, field) !== undefined)
    const label = row[kind.label]
    return {
      info: {
        id: R.text(row, "Id"),
        type: row.type,
        sourceSchemaId: kind.source[1],
        sourceId: R.text(row, kind.source[0]),
        targetSchemaId: target?.[1],
        targetId: target === undefined ? undefined : R.text(row, target[0]),
        label: Array.isArray(label) ? label.join("; ") : R.text(row, kind.label),
        isPrimary: kind.isPrimary === undefined ? undefined : R.flag(row, kind.isPrimary),
        isActive: kind.isActive === undefined ? undefined : R.flag(row, kind.isActive)
      }
    }
  },
  updatedAt,
  volatile: { raw: volatile.raw },
  support: { info: { support: "SUPPORTED" } }
})
