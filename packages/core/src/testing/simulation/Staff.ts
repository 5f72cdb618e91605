import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ConnectorError, type Reason } from "../../connector/ConnectorError.ts"
import * as DataType from "../../model/DataType.ts"
import * as Field from "../../model/Field.ts"

/** The data type of the made-up app. */
export const Staff = DataType.make({
  id: "employee",
  category: "HRIS",
  title: "Employee",
  models: {
    profile: DataType.model({
      id: "employee_profile",
      title: "Profile",
      schema: Schema.Struct({
        id: Schema.String,
        name: Field.text("personal"),
        workEmail: Field.text("personal"),
        photo: Field.text(),
        employmentStatus: Field.enumeration(["ACTIVE", "INACTIVE"])
      })
    }),
    extra: DataType.model({ id: "employee_extra", title: "Extra", schema: Schema.Struct({ note: Field.text() }) })
  },
  core: ["profile"],
  isActive: (record) => (record["profile"] as { employmentStatus?: string } | null)?.employmentStatus !== "INACTIVE",
  identifiers: (recordId, record) => ({
    employeeId: recordId,
    workEmail: (record["profile"] as { workEmail?: string | null } | null)?.workEmail ?? null
  })
})

/** The error of a reason, as the made-up app's client makes it. */
export const failing = (reason: Reason): Effect.Effect<never, ConnectorError> =>
  Effect.fail(new ConnectorError({ appId: "madeup", operation: "employee.list", reason }))
