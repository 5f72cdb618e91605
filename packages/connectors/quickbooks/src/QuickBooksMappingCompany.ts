import type { DataType } from "@crochet/core"
import type { AccountingCompany } from "@crochet/models"
import { Country } from "@crochet/models"
import { addresses, emails, phones, urls } from "./QuickBooksMappingParts.ts"
import * as Words from "./QuickBooksWords.ts"
import { type Row, stamps, text } from "./QuickBooksWire.ts"

/** The company, as `companyinfo` tells of it; its currency and accounting method are preferences, which are not read. */
export const company = ({ wire }: Row): DataType.Input<typeof AccountingCompany> => {
  const id = text(wire.Id)
  if (id === undefined) throw new TypeError("the company has no Id")
  const country = text(wire.Country)
  const written = emails(wire.Email)
  return {
    info: {
      id,
      name: text(wire.CompanyName),
      legalName: text(wire.LegalName),
      taxNumber: text(wire.EmployerId),
      fiscalYearStartMonth: Words.monthOf(text(wire.FiscalYearStartMonth)),
      ...stamps(wire),
      urls: urls(wire),
      addresses: addresses(wire, { CompanyAddr: "PRIMARY", LegalAddr: "OTHER", CustomerCommunicationAddr: "MAILING" }),
      phones: phones(wire),
      contact: written.length === 0 ? null : { emails: written },
      country: Country.code(country) ?? country
    },
    rawValues: { fiscalYearStart: text(wire.FiscalYearStartMonth) }
  }
}
