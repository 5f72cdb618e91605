import type { Hris } from "@crochet/models"
import { Country, Dates, Enums } from "@crochet/models"
import type { WireRow } from "./BambooHRWire.ts"
import { text } from "./BambooHRWire.ts"
import * as Words from "./BambooHRWords.ts"

type Phone = NonNullable<(typeof Hris.EmergencyContact)["Encoded"]["phones"]>[number]

/** A telephone number; undefined when there is none. */
export const phone = (type: "WORK" | "HOME" | "PERSONAL", value: unknown, extension?: unknown): Phone | undefined => {
  const phoneNumber = text(value)
  return phoneNumber === undefined ? undefined : { type, phoneNumber, extension: text(extension) }
}

/** Those of the values that are there. */
export const present = <A>(...values: ReadonlyArray<A | undefined>): ReadonlyArray<A> =>
  values.filter((value) => value !== undefined)

/** Whom to call in an emergency. */
export const emergencyContact = (row: WireRow): (typeof Hris.EmergencyContact)["Encoded"] => ({
  name: text(row.name),
  relation: text(row.relationship),
  phones: present(
    phone("PERSONAL", row.mobilePhone),
    phone("HOME", row.homePhone),
    phone("WORK", row.workPhone, row.workPhoneExtension)
  ),
  email: text(row.email),
  isPrimary: Enums.flag(text(row.primary))
})

type Address = (typeof Hris.EmployeeAddress)["Encoded"]

/** A home; null when nothing is known of it. */
export const home = (given: {
  readonly [part in "addressLine1" | "addressLine2" | "city" | "state" | "country" | "zipCode"]: string | undefined
}): Address | null => {
  const { addressLine1, addressLine2, city, country, state, zipCode } = given
  // One by one, for this is asked of every record.
  const known = addressLine1 ?? addressLine2 ?? city ?? state ?? country ?? zipCode
  return known === undefined
    ? null
    : {
        addressLine1,
        addressLine2,
        city,
        state,
        country: Country.code(country) ?? country,
        zipCode,
        addressType: "HOME_PRESENT"
      }
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
    phone: phone("HOME", row.homePhone) ?? null,
    address: home({
      addressLine1: text(row.addressLine1),
      addressLine2: text(row.addressLine2),
      city: text(row.city),
      state: text(row.state),
      country: text(row.country),
      // The endpoint and the table spell it differently.
      zipCode: text(row.zipCode) ?? text(row.zipcode)
    }),
    isStudent: Enums.flag(text(row.isStudent))
  }
}

/** A row of the custom table for bank accounts. */
export const bankAccount = (row: WireRow): (typeof Hris.BankAccount)["Encoded"] => {
  const routing = text(row.customRoutingNumber)
  const iban = text(row.customIBAN)
  return {
    id: text(row.id),
    accountNumber: text(row.customAccountNumber),
    accountType: Words.bankAccountType(text(row.customAccountType)),
    bankName: text(row.customBankName),
    holderName: text(row.customAccountHolder),
    routingInfo: present(
      routing === undefined ? undefined : { type: "ROUTING_NUMBER", number: routing },
      iban === undefined ? undefined : { type: "IBAN", number: iban }
    )
  }
}
