import { ConnectorError, Resource } from "@crochet/core"
import { CrmRecord } from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Changes from "./SalesforceChanges.ts"
import * as Listing from "./SalesforceListing.ts"
import { updatedAt, volatile } from "./SalesforceObject.ts"
import * as Plans from "./SalesforcePlan.ts"
import * as Query from "./SalesforceQuery.ts"
import * as R from "./SalesforceRow.ts"
import { oneByOne } from "./SalesforceSeveral.ts"
import { objectsOf } from "./SalesforceSettings.ts"
import { all } from "./SalesforceShared.ts"

type Context = Resource.ResourceContext

/** What says nothing about the record itself, or is in `info`. */
const systemFields = new Set([
  "type",
  "Id",
  "Name",
  "IsDeleted",
  "SystemModstamp",
  "CreatedDate",
  "CreatedById",
  "LastModifiedDate",
  "LastModifiedById",
  "LastActivityDate",
  "LastViewedDate",
  "LastReferencedDate"
])

const memory = Plans.memory()

const wantedOf = (object: string): Plans.Wanted => ({
  memory,
  object,
  fields: {
    crm_record_info: [
      "Name",
      "CreatedDate",
      "LastModifiedDate",
      "LastActivityDate",
      "CreatedById",
      "CreatedBy.Name",
      "CreatedBy.Email",
      "LastModifiedById",
      "LastModifiedBy.Name",
      "LastModifiedBy.Email"
    ]
  },
  // Only objects with activities have the date, and not every object has a name, or says who made it (UserRole: 2023-04).
  optional: ["LastActivityDate", "Name", "CreatedDate", "CreatedById"],
  everything: true
})

const objectsIn = (context: Context): Effect.Effect<ReadonlyArray<string>, ConnectorError.ConnectorError> => {
  const objects = objectsOf(context.client.settings)
  return objects.length > 0
    ? Effect.succeed(objects)
    : Effect.fail(
        context.client.fail(
          "records.list",
          new ConnectorError.InvalidRequest({ field: "objects", message: "the account names no custom objects" }),
          'Name the custom objects in the account\'s setting "objects", e.g. Loom__c, or leave crm_records out.'
        )
      )
}

/** Records of the custom objects that the account's setting names. */
export const records = Resource.make<typeof CrmRecord, R.Row>({
  dataType: CrmRecord,
  mapperVersion: 1,
  list: (context) =>
    Stream.unwrap(
      Effect.map(objectsIn(context), (objects) =>
        oneByOne(context, objects, (of, object) => Listing.list(of, wantedOf(object)))
      )
    ),
  changes: {
    start: Changes.start,
    fetch: (context, cursor) =>
      Stream.unwrap(
        Effect.map(objectsIn(context), (objects) =>
          oneByOne(context, objects, (of, object) => Changes.fetch(of, wantedOf(object), cursor))
        )
      )
  },
  get: Effect.fnUntraced(function* (context, id) {
    for (const object of yield* objectsIn(context)) {
      const plan = yield* Plans.make(context, wantedOf(object))
      if (plan.keyPrefix !== null && id.startsWith(plan.keyPrefix))
        return yield* Query.get(context, wantedOf(object), id)
    }
    return Option.none<R.Row>()
  }),
  recordId: (row) => String(row.Id ?? ""),
  toRecord: (row) => ({
    info: {
      id: R.text(row, "Id"),
      schemaId: row.type,
      name: R.text(row, "Name"),
      createdAt: R.instant(row, "CreatedDate"),
      updatedAt: R.instant(row, "LastModifiedDate"),
      lastActivityAt: R.date(row, "LastActivityDate"),
      createdBy: R.user(row, "CreatedBy"),
      updatedBy: R.user(row, "LastModifiedBy")
    },
    fields: {
      fields: Object.fromEntries(Object.entries(row).filter(([name]) => !systemFields.has(name) && !name.includes(".")))
    }
  }),
  updatedAt,
  volatile: { ...volatile, raw: [...volatile.raw, "LastViewedDate", "LastReferencedDate"] },
  // Which field is an external id differs from object to object; it is in the fields.
  support: {
    info: { support: "SUPPORTED", fields: all("UNSUPPORTED", "externalId") },
    fields: { support: "SUPPORTED" }
  }
})
