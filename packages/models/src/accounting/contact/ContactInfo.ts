import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Status } from "../Status.ts"

/** Which side of the business. A party that is both has the flags `isCustomer` and `isVendor` beside it. */
export const ContactType = ["CUSTOMER", "VENDOR"] as const

/** A bank account of a contact. */
export const ContactBankAccount = Schema.Struct({
  accountNumber: Field.text("financial"),
  accountName: Field.text("financial"),
  bankName: Field.text("financial"),
  routingNumber: Field.text("financial"),
  iban: Field.text("financial"),
  swiftCode: Field.text("financial"),
  currency: Field.text()
})

/**
 * A customer or vendor. The first eleven fields are Knit's.
 *
 * `accountNumber` is the number under which the two know each other; `balance` and `creditLimit` are in `currency`.
 */
export const ContactInfo = Schema.Struct({
  id: Field.text(),
  name: Field.text("personal"),
  type: Field.enumeration(ContactType),
  status: Field.enumeration(Status),
  accountNumber: Field.text("financial"),
  company: Field.text("personal"),
  currency: Field.text(),
  taxNumber: Field.text("government_id"),
  urls: Field.list(Schema.String, "personal"),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime(),
  isCustomer: Field.flag(),
  isVendor: Field.flag(),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  isIndividual: Field.flag(),
  parentId: Field.text(),
  paymentTermId: Field.text(),
  creditLimit: Field.number("financial"),
  balance: Field.number("financial"),
  bankAccounts: Field.list(ContactBankAccount, "financial"),
  registrationNumber: Field.text("government_id"),
  isTaxable: Field.flag()
})

/** `accounting_contact_info`. */
export const contactInfo = DataType.model({ id: "accounting_contact_info", title: "Contact", schema: ContactInfo })
