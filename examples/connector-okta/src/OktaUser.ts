import { Field } from "@crochet/core"
import * as Schema from "effect/Schema"

/** The attributes of Okta's own profile that are read; an account may add others. */
const Profile = Schema.Struct({
  login: Schema.String,
  email: Field.text(),
  secondEmail: Field.text(),
  firstName: Field.text(),
  lastName: Field.text(),
  middleName: Field.text(),
  displayName: Field.text(),
  nickName: Field.text(),
  employeeNumber: Field.text(),
  title: Field.text(),
  department: Field.text(),
  division: Field.text(),
  costCenter: Field.text(),
  userType: Field.text(),
  mobilePhone: Field.text(),
  primaryPhone: Field.text(),
  preferredLanguage: Field.text(),
  timezone: Field.text()
})

/** A user as `/users` lists them. */
export const OktaUser = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  created: Schema.String,
  lastUpdated: Schema.String,
  profile: Schema.StructWithRest(Profile, [Schema.Record(Schema.String, Schema.Json)])
})
/** A user as `/users` lists them. */
export type OktaUser = typeof OktaUser.Type

/**
 * All attributes of Okta's base profile, read or not
 * (https://developer.okta.com/docs/api/openapi/okta-management/management/schema/, read 2026-11): the others are the account's.
 */
export const baseAttributes: ReadonlySet<string> = new Set(
  Object.keys(Profile.fields).concat(
    ["honorificPrefix", "honorificSuffix", "profileUrl", "streetAddress", "city", "state", "zipCode", "countryCode"],
    ["postalAddress", "locale", "organization", "managerId", "manager"]
  )
)
