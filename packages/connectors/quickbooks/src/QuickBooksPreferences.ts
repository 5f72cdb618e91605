import type { ConnectorError, Resource } from "@crochet/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pathOf } from "./QuickBooksSettings.ts"
import { object, text } from "./QuickBooksWire.ts"

const Part = Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))

/** `GET /preferences`: only the groups that are read. */
const Answer = Schema.Struct({
  Preferences: Schema.Struct({ AccountingInfoPrefs: Part, CurrencyPrefs: Part, ReportPrefs: Part, TaxPrefs: Part })
})

/** What is read of the preferences, under the API's names. */
export interface Preferences {
  /** `YYYY-MM-DD`: the books are closed up to this day. */
  readonly BookCloseDate: string | undefined
  readonly HomeCurrency: string | undefined
  readonly ReportBasis: string | undefined
  readonly UsingSalesTax: string | undefined
}

/** The settings of the company that its books depend on. */
export const preferences = Effect.fn("QuickBooks.preferences")(function* (
  { client }: Resource.ResourceContext,
  operation: string
): Effect.fn.Return<Preferences, ConnectorError.ConnectorError> {
  const { Preferences: all } = yield* client.decode(
    {
      operation,
      path: pathOf(client.settings, "/preferences"),
      query: { minorversion: client.settings.minorVersion ?? "75" }
    },
    Answer
  )
  return {
    BookCloseDate: text(all.AccountingInfoPrefs?.BookCloseDate),
    HomeCurrency: text(object(all.CurrencyPrefs?.HomeCurrency).value),
    ReportBasis: text(all.ReportPrefs?.ReportBasis),
    UsingSalesTax: text(all.TaxPrefs?.UsingSalesTax)
  }
})
