import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { phone } from "../../shared/Phone.ts"

/** Types of an employee's phones. */
export const PhoneType = ["WORK", "HOME", "PERSONAL"] as const

/** A phone of an employee or of somebody close to them. */
export const EmployeePhone = phone(PhoneType)

/** Whom to call in an emergency; `relation` is the app's own word. */
export const EmergencyContact = Schema.Struct({
  name: Field.text("personal"),
  relation: Field.text("personal"),
  phones: Field.list(EmployeePhone, "personal"),
  email: Field.text("personal"),
  isPrimary: Field.flag()
})

/** How to reach the person. The first two fields are Knit's. */
export const ContactInfo = Schema.Struct({
  personalEmails: Field.list(Schema.String, "personal"),
  phones: Field.list(EmployeePhone),
  workPhones: Field.list(EmployeePhone),
  emergencyContacts: Field.list(EmergencyContact)
})

/** `employee_contactInfo`. */
export const contactInfo = DataType.model({
  id: "employee_contactInfo",
  title: "Contact information",
  description: "How to reach the person: private e-mails, phones, emergency contacts.",
  schema: ContactInfo
})
