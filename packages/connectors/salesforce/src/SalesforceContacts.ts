import type { Resource } from "@crochet/core"
import { CrmContact } from "@crochet/models"
import { resource } from "./SalesforceObject.ts"
import * as R from "./SalesforceRow.ts"
import { all, owned, people } from "./SalesforceShared.ts"

/** Contacts: people at accounts. */
export const contacts: Resource.AnyResource = resource({
  dataType: CrmContact,
  object: "Contact",
  fields: {
    crm_contact_info: [
      "FirstName",
      "LastName",
      "MiddleName",
      "Salutation",
      "Description",
      "Title",
      "Department",
      "AccountId",
      "LeadSource",
      "Birthdate",
      "HasOptedOutOfEmail",
      ...owned,
      ...people
    ],
    crm_contact_addresses: [...R.addressFields("Mailing"), ...R.addressFields("Other")],
    crm_contact_phones: ["Phone", "MobilePhone", "HomePhone", "OtherPhone", "Fax"],
    crm_contact_emails: ["Email"]
  },
  // Middle names and codes of countries have to be switched on; OtherPhone is not on every layout of the API.
  optional: [
    "MiddleName",
    "OtherPhone",
    ...["Mailing", "Other"].flatMap((of) => [`${of}StateCode`, `${of}CountryCode`])
  ],
  custom: "crm_contact_custom_fields",
  filters: { accountId: "AccountId", ownerId: "OwnerId" },
  filterTexts: {
    accountId: ["Account", "Only contacts of this account, by the account's id."],
    ownerId: ["Owner", "Only contacts of this user, by the user's id."]
  },
  toRecord: (row) => {
    const email = R.text(row, "Email")
    return {
      info: {
        id: R.text(row, "Id"),
        firstName: R.text(row, "FirstName"),
        lastName: R.text(row, "LastName"),
        description: R.text(row, "Description"),
        jobTitle: R.text(row, "Title"),
        owner: R.user(row, "Owner"),
        createdBy: R.user(row, "CreatedBy"),
        updatedAt: R.instant(row, "LastModifiedDate"),
        createdAt: R.instant(row, "CreatedDate"),
        lastActivityAt: R.date(row, "LastActivityDate"),
        account: R.text(row, "AccountId"),
        middleName: R.text(row, "MiddleName"),
        salutation: R.text(row, "Salutation"),
        department: R.text(row, "Department"),
        leadSource: R.text(row, "LeadSource"),
        birthDate: R.date(row, "Birthdate"),
        isOptedOut: R.flag(row, "HasOptedOutOfEmail")
      },
      addresses: R.some([R.address(row, "Mailing", "MAILING"), R.address(row, "Other", "OTHER")]),
      phones: R.some([
        R.phone(row, "Phone", "WORK"),
        R.phone(row, "MobilePhone", "MOBILE"),
        R.phone(row, "HomePhone", "HOME"),
        R.phone(row, "OtherPhone", "OTHER"),
        R.phone(row, "Fax", "FAX")
      ]),
      emails: email === undefined ? undefined : [{ email }],
      customFields: R.customFields(row)
    }
  },
  support: {
    info: { support: "SUPPORTED", fields: all("UNSUPPORTED", "industry", "lifecycleStage", "language", "tags") },
    addresses: { support: "SUPPORTED" },
    phones: { support: "SUPPORTED", fields: all("UNSUPPORTED", "extension", "isPrimary") },
    emails: { support: "SUPPORTED", fields: all("UNSUPPORTED", "type", "isPrimary") },
    customFields: { support: "SUPPORTED" },
    rawValues: { support: "UNSUPPORTED" }
  }
})
