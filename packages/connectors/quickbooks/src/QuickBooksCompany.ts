import { Page, Resource } from "@crochet/core"
import type { ConnectorError } from "@crochet/core"
import * as Models from "@crochet/models"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Entities from "./QuickBooksEntities.ts"
import { get } from "./QuickBooksGet.ts"
import { closedPeriod, company as companyRecord, period as periodRecord } from "./QuickBooksMappingCompany.ts"
import { preferences } from "./QuickBooksPreferences.ts"
import * as Support from "./QuickBooksSupport.ts"
import { type Row, updatedAt } from "./QuickBooksWire.ts"

/** A listing of one record or none, read in one go. */
const whole =
  (
    read: (context: Resource.ResourceContext) => Effect.Effect<Option.Option<Row>, ConnectorError.ConnectorError>,
    because: string
  ) =>
  (context: Resource.ResourceContext) =>
    Stream.unwrap(
      Effect.map(read(context), (found) =>
        Stream.fromIterable<Page.Pages<Row>>([
          Page.page(Option.toArray(found)),
          context.end({ because, paging: "whole" })
        ])
      )
    )

const companySource: Entities.Source = { entities: [{ name: "CompanyInfo", list: true }] }
const idOfCompany = Entities.recordIdOf(companySource)

const companyOf = Effect.fnUntraced(function* (context: Resource.ResourceContext) {
  const operation = "accounting_companies.list"
  const realmId = context.client.settings.realmId?.replaceAll(" ", "") ?? ""
  const found = yield* get(companySource, operation, context, realmId)
  if (Option.isNone(found)) return found
  const { BookCloseDate: _, ...Preferences } = yield* preferences(context, operation)
  return Option.some<Row>({ ...found.value, wire: { ...found.value.wire, Preferences } })
})

/** The company of the connection, read in one go. */
export const company = Resource.make<typeof Models.AccountingCompany, Row>({
  dataType: Models.AccountingCompany,
  mapperVersion: 2,
  list: whole(companyOf, "a connection has one company"),
  get: (context, recordId) =>
    Effect.map(companyOf(context), (found) => Option.filter(found, (row) => idOfCompany(row) === recordId)),
  recordId: idOfCompany,
  toRecord: companyRecord,
  updatedAt,
  volatile: { record: ["info.updatedAt"] },
  support: Support.companies
})

const periodOf = (context: Resource.ResourceContext) =>
  Effect.map(preferences(context, "accounting_periods.list"), ({ BookCloseDate }) =>
    BookCloseDate === undefined
      ? Option.none<Row>()
      : Option.some<Row>({ entity: "Preferences", wire: { BookCloseDate } })
  )

/** The period that is closed, if the books have a closing date. */
export const period = Resource.make<typeof Models.AccountingPeriod, Row>({
  dataType: Models.AccountingPeriod,
  mapperVersion: 1,
  list: whole(periodOf, "the preferences have one closing date or none"),
  get: (context, recordId) => (recordId === closedPeriod ? periodOf(context) : Effect.succeed(Option.none())),
  recordId: () => closedPeriod,
  toRecord: periodRecord,
  support: Support.periods
})
