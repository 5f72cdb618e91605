import type { Resource } from "@crochet/core"
import { CrmAccount, Enums, Crm } from "@crochet/models"
import { resource } from "./SalesforceObject.ts"
import * as R from "./SalesforceRow.ts"
import { all, owned, people } from "./SalesforceShared.ts"

const typeOf = Enums.mapping(Crm.AccountType, {
  "Customer - Direct": "CUSTOMER",
  "Customer - Channel": "CUSTOMER",
  "Channel Partner / Reseller": "PARTNER",
  "Installation Partner": "PARTNER",
  "Technology Partner": "PARTNER",
  Reseller: "PARTNER",
  Supplier: "VENDOR"
})

/** The host of a web site, without `www.`. */
const domainOf = (website: string | undefined): string | undefined => {
  if (website === undefined) return undefined
  const url = /^https?:\/\//i.test(website) ? website : `https://${website}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, "") || undefined : undefined
}

/** Accounts: companies, and private persons where the org has person accounts. */
export const accounts: Resource.AnyResource = resource({
  dataType: CrmAccount,
  object: "Account",
  fields: {
    crm_account_info: [
      "Name",
      "Description",
      "Industry",
      "Website",
      "NumberOfEmployees",
      "AnnualRevenue",
      "CurrencyIsoCode",
      "Type",
      "ParentId",
      "IsPersonAccount",
      ...owned,
      ...people
    ],
    crm_account_addresses: [...R.addressFields("Billing"), ...R.addressFields("Shipping")],
    crm_account_phones: ["Phone", "Fax"],
    crm_account_rawValues: ["Type"],
    crm_account_emails: ["PersonEmail"]
  },
  optional: [
    "CurrencyIsoCode",
    "IsPersonAccount",
    "PersonEmail",
    ...["Billing", "Shipping"].flatMap((of) => [`${of}StateCode`, `${of}CountryCode`])
  ],
  custom: "crm_account_custom_fields",
  filters: { ownerId: "OwnerId", type: "Type" },
  filterTexts: {
    ownerId: ["Owner", "Only accounts of this user, by the user's id."],
    type: ["Type", "Only accounts of this type, e.g. Customer - Direct."]
  },
  toRecord: (row) => {
    const employees = R.number(row, "NumberOfEmployees")
    const website = R.text(row, "Website")
    const email = R.text(row, "PersonEmail")
    return {
      info: {
        id: R.text(row, "Id"),
        name: R.text(row, "Name"),
        description: R.text(row, "Description"),
        industry: R.text(row, "Industry"),
        website,
        numberOfEmployees: employees === undefined ? undefined : String(employees),
        owner: R.user(row, "Owner"),
        createdBy: R.user(row, "CreatedBy"),
        updatedAt: R.instant(row, "LastModifiedDate"),
        createdAt: R.instant(row, "CreatedDate"),
        lastActivityAt: R.date(row, "LastActivityDate"),
        // Orgs without person accounts have no such field, and no such account.
        isPersonAccount: R.flag(row, "IsPersonAccount"),
        domain: domainOf(website),
        annualRevenue: R.amount(row, "AnnualRevenue"),
        currency: R.text(row, "CurrencyIsoCode"),
        type: typeOf(R.text(row, "Type")),
        parentAccountId: R.text(row, "ParentId")
      },
      addresses: R.some([R.address(row, "Billing", "BILLING"), R.address(row, "Shipping", "SHIPPING")]),
      phones: R.some([R.phone(row, "Phone", "WORK"), R.phone(row, "Fax", "FAX")]),
      emails: email === undefined ? undefined : [{ email }],
      customFields: R.customFields(row),
      rawValues: { type: R.text(row, "Type") }
    }
  },
  support: {
    info: {
      support: "SUPPORTED",
      fields: all("UNSUPPORTED", "socialMediaLinks", "lifecycleStage", "taxNumber", "tags")
    },
    addresses: { support: "SUPPORTED" },
    phones: { support: "SUPPORTED" },
    // A contact names its account; the other way round costs a query for every 200 accounts.
    contacts: { support: "NOT_IMPLEMENTED" },
    customFields: { support: "SUPPORTED" },
    emails: { support: "SUPPORTED", fields: all("UNSUPPORTED", "type", "isPrimary") },
    rawValues: { support: "SUPPORTED", fields: all("UNSUPPORTED", "lifecycleStage") }
  }
})
