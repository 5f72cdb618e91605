import type { Hris } from "@crochet/models"
import { Country, Dates, Enums } from "@crochet/models"
import type { WireRow } from "./BambooHRWire.ts"
import { text } from "./BambooHRWire.ts"
import * as Words from "./BambooHRWords.ts"

const phone = (type: "WORK" | "HOME" | "PERSONAL", value: unknown, extension?: unknown) => {
  const phoneNumber = text(value)
  return phoneNumber === undefined ? [] : [{ type, phoneNumber, extension: text(extension) }]
}

/** Whom to call in an emergency. */
export const emergencyContact = (row: WireRow): (typeof Hris.EmergencyContact)["Encoded"] => ({
  name: text(row.name),
  relation: text(row.relationship),
  phones: [
    ...phone("PERSONAL", row.mobilePhone),
    ...phone("HOME", row.homePhone),
    ...phone("WORK", row.workPhone, row.workPhoneExtension)
  ],
  email: text(row.email),
  isPrimary: Enums.flag(text(row.primary))
})

const address = (row: WireRow): (typeof Hris.EmployeeAddress)["Encoded"] | null => {
  const country = text(row.country)
  const parts = {
    addressLine1: text(row.addressLine1),
    addressLine2: text(row.addressLine2),
    city: text(row.city),
    state: text(row.state),
    country: Country.code(country) ?? country,
    // The endpoint and the table spell it differently.
    zipCode: text(row.zipCode) ?? text(row.zipcode)
  }
  return Object.values(parts).every((part) => part === undefined) ? null : { ...parts, addressType: "HOME_PRESENT" }
}

/** Whom the employee provides for. Their numbers are masked by BambooHR and not read. */
export const dependent = (row: WireRow): (typeof Hris.Dependent)["Encoded"] => {
  const relationship = text(row.relationship)
  const relation = Words.relation(relationship)
  const detail = Words.relationDetail(relationship)
  return {
    id: text(row.id),
    firstName: text(row.firstName),
    lastName: text(row.lastName),
    relation,
    birthDate: Dates.fromCalendar(text(row.dateOfBirth)),
    gender: Words.gender(text(row.gender)),
    middleName: text(row.middleName),
    relationDetail:
      detail !== "NOT_SPECIFIED"
        ? detail
        : relationship !== undefined && relation === "NOT_SPECIFIED"
          ? "OTHER"
          : "NOT_SPECIFIED",
    phone: phone("HOME", row.homePhone)[0] ?? null,
    address: address(row),
    isStudent: Enums.flag(text(row.isStudent))
  }
}

/** A row of the custom table for bank accounts. */
export const bankAccount = (row: WireRow): (typeof Hris.BankAccount)["Encoded"] => {
  const routing = (
    [
      ["ROUTING_NUMBER", row.customRoutingNumber],
      ["IBAN", row.customIBAN]
    ] as const
  ).flatMap(([type, value]) => {
    const number = text(value)
    return number === undefined ? [] : [{ type, number }]
  })
  return {
    id: text(row.id),
    accountNumber: text(row.customAccountNumber),
    accountType: Words.bankAccountType(text(row.customAccountType)),
    bankName: text(row.customBankName),
    holderName: text(row.customAccountHolder),
    routingInfo: routing
  }
}
