import type { DataType } from "@crochet/core"
import type { AccountingCompany, AccountingPeriod } from "@crochet/models"
import { Accounting, Country, Dates, Enums } from "@crochet/models"
import { addresses, emails, phones, urls } from "./QuickBooksMappingParts.ts"
import * as Words from "./QuickBooksWords.ts"
import { object, type Row, stamps, text } from "./QuickBooksWire.ts"

const accountingMethod = Enums.mapping(Accounting.AccountingMethod)

/** The company, as `companyinfo` and the preferences tell of it. */
export const company = ({ wire }: Row): DataType.Input<typeof AccountingCompany> => {
  const id = text(wire.Id)
  if (id === undefined) throw new TypeError("the company has no Id")
  const country = text(wire.Country)
  const written = emails(wire.Email)
  const { HomeCurrency, ReportBasis, UsingSalesTax } = object(wire.Preferences)
  return {
    info: {
      id,
      name: text(wire.CompanyName),
      legalName: text(wire.LegalName),
      taxNumber: text(wire.EmployerId),
      fiscalYearStartMonth: Words.monthOf(text(wire.FiscalYearStartMonth)),
      ...stamps(wire),
      currency: text(HomeCurrency),
      urls: urls(wire),
      addresses: addresses(wire, { CompanyAddr: "PRIMARY", LegalAddr: "OTHER", CustomerCommunicationAddr: "MAILING" }),
      phones: phones(wire),
      contact: written.length === 0 ? null : { emails: written },
      accountingMethod: accountingMethod(text(ReportBasis)),
      taxEnabled: Enums.flag(text(UsingSalesTax)),
      country: Country.code(country) ?? country
    },
    rawValues: { fiscalYearStart: text(wire.FiscalYearStartMonth), accountingMethod: text(ReportBasis) }
  }
}

/** The id of the period that is closed: there is one, and it has no name. */
export const closedPeriod = "closed"

/** Everything up to the closing date of the books. Throws where that is no date. */
export const period = ({ wire }: Row): DataType.Input<typeof AccountingPeriod> => {
  const end = Dates.fromCalendar(text(wire.BookCloseDate))
  if (end === null) throw new TypeError("the closing date of the books is no date")
  return { info: { id: closedPeriod, end, status: "CLOSED" } }
}
