import type { Declare } from "@crochet/core"
import { Dates, type Employee, Enums } from "@crochet/models"
import { baseAttributes, type OktaUser } from "./OktaUser.ts"

/**
 * Whether the person may work with the organisation's apps. Everything but `DEPROVISIONED` is a step on the way there or
 * a pause (https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-end-user-states.htm, read 2026-11).
 */
export const status = Enums.mapping(["ACTIVE", "INACTIVE"], {
  STAGED: "ACTIVE",
  PROVISIONED: "ACTIVE",
  RECOVERY: "ACTIVE",
  PASSWORD_EXPIRED: "ACTIVE",
  LOCKED_OUT: "ACTIVE",
  SUSPENDED: "ACTIVE",
  DEPROVISIONED: "INACTIVE"
})

/** The finer status, where it says more. */
export const statusDetail = Enums.mapping(["ACTIVE", "SUSPENDED"], { STAGED: "NOT_SPECIFIED" })

const phone = (type: "WORK" | "PERSONAL", phoneNumber: string | null) =>
  phoneNumber === null ? [] : [{ type, phoneNumber }]

/** What a user's record says. */
export const map = {
  profile: {
    id: "id",
    employeeNumber: "profile.employeeNumber",
    firstName: "profile.firstName",
    lastName: "profile.lastName",
    middleName: "profile.middleName",
    preferredName: "profile.nickName",
    displayName: "profile.displayName",
    workEmail: "profile.email",
    username: "profile.login",
    timezone: "profile.timezone",
    preferredLanguage: "profile.preferredLanguage",
    employmentStatus: (user) => status(user.status),
    employmentStatusDetail: (user) => statusDetail(user.status),
    createdAt: ({ created }) => Dates.fromInstant(created),
    updatedAt: ({ lastUpdated }) => Dates.fromInstant(lastUpdated)
  },
  contactInfo: {
    personalEmails: ({ profile }) => (profile.secondEmail === null ? null : [profile.secondEmail]),
    phones: ({ profile }) => [...phone("WORK", profile.primaryPhone), ...phone("PERSONAL", profile.mobilePhone)]
  },
  orgStructure: {
    designation: "profile.title",
    department: "profile.department",
    division: "profile.division",
    costCenter: "profile.costCenter"
  },
  rawValues: { employmentStatus: "status", workerType: "profile.userType" },
  customFields: ({ profile }) => Object.fromEntries(Object.entries(profile).filter(([key]) => !baseAttributes.has(key)))
} satisfies Declare.RecordMap<typeof Employee, OktaUser>
