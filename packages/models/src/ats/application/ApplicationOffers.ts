import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { SalaryPeriod } from "../SalaryPeriod.ts"

/** How far an offer has come. */
export const OfferStatus = [
  "DRAFT",
  "IN_APPROVAL",
  "APPROVED",
  "SENT",
  "OPENED",
  "ACCEPTED",
  "DECLINED",
  "WITHDRAWN",
  "EXPIRED"
] as const

/** The salary that is offered, in major units of `currency` (ISO 4217). */
export const OfferSalary = Schema.Struct({
  amount: Field.number("financial"),
  currency: Field.text("financial"),
  period: Field.enumeration(SalaryPeriod, "financial")
})

/** An offer to the candidate. */
export const Offer = Schema.Struct({
  id: Field.text(),
  status: Field.enumeration(OfferStatus),
  createdAt: Field.dateTime(),
  sentAt: Field.dateTime(),
  respondedAt: Field.dateTime(),
  startDate: Field.date("personal"),
  salary: Field.optional(OfferSalary, "financial"),
  documentUrl: Field.text("personal"),
  statusRaw: Field.text()
})

/** `application_offers`. */
export const applicationOffers = DataType.model({
  id: "application_offers",
  title: "Offers",
  schema: Schema.Array(Offer)
})
