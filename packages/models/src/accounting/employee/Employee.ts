import { DataType, Field } from "@crochet/core"
import * as Schema from "effect/Schema"
import { Email } from "../../shared/Email.ts"
import { goneWhen } from "../Activity.ts"
import { Phone } from "../Phone.ts"
import { Status } from "../Status.ts"

/** Gender as the app has it. */
export const EmployeeGender = ["MALE", "FEMALE", "NON_BINARY"] as const
/** The kind of employment. */
export const EmployeeEmploymentType = ["FULL_TIME", "PART_TIME", "CONTRACT"] as const

/** An employee as the books know one. The first nine fields are Knit's. */
export const EmployeeInfo = Schema.Struct({
  id: Field.text(),
  firstName: Field.text("personal"),
  lastName: Field.text("personal"),
  linkedCompanyIds: Field.list(Schema.String, "none"),
  emails: Field.list(Email),
  phones: Field.list(Phone),
  status: Field.enumeration(Status),
  gender: Field.enumeration(EmployeeGender, "special"),
  employmentType: Field.enumeration(EmployeeEmploymentType),
  displayName: Field.text("personal"),
  employeeNumber: Field.text("personal"),
  startDate: Field.date(),
  terminationDate: Field.date(),
  createdAt: Field.dateTime(),
  updatedAt: Field.dateTime()
})

/** The app's own words behind an employee's enums, verbatim. */
export const EmployeeRawValues = Schema.Struct({
  status: Field.text(),
  gender: Field.text("special"),
  employmentType: Field.text()
})

/** `accounting_employees`. Gone for receivers once the status is `INACTIVE`. */
export const AccountingEmployee = DataType.make({
  id: "accounting_employees",
  category: "ACCOUNTING",
  title: "Employees in the books",
  models: {
    info: DataType.model({ id: "accounting_employee_info", title: "Employee", schema: EmployeeInfo }),
    rawValues: DataType.model({ id: "accounting_employee_rawValues", title: "Raw values", schema: EmployeeRawValues })
  },
  core: ["info"],
  isActive: goneWhen("status", "INACTIVE"),
  identifiers: (employeeId) => ({ employeeId })
})
