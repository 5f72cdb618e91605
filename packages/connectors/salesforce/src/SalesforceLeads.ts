import type { Resource } from "@crochet/core"
import { Crm, CrmLead, Enums } from "@crochet/models"
import { resource } from "./SalesforceObject.ts"
import * as R from "./SalesforceRow.ts"
import { all, owned, people } from "./SalesforceShared.ts"

const statusOf = Enums.mapping(Crm.LeadStatus, {
  "Open - Not Contacted": "OPEN",
  New: "OPEN",
  "Working - Contacted": "WORKING",
  Contacted: "WORKING",
  Nurturing: "WORKING",
  "Closed - Converted": "CONVERTED",
  "Closed - Not Converted": "CLOSED"
})
const ratingOf = Enums.mapping(Crm.LeadRating)

/** Leads, converted ones too. */
export const leads: Resource.AnyResource = resource({
  dataType: CrmLead,
  object: "Lead",
  fields: {
    crm_lead_info: [
      "FirstName",
      "LastName",
      "Company",
      "Title",
      "LeadSource",
      "Status",
      "Rating",
      "CurrencyIsoCode",
      "IsConverted",
      "ConvertedDate",
      "ConvertedContactId",
      "ConvertedAccountId",
      "ConvertedOpportunityId",
      ...owned,
      ...people
    ],
    crm_lead_addresses: R.addressFields(""),
    crm_lead_phones: ["Phone", "MobilePhone", "Fax"],
    crm_lead_emails: ["Email"],
    crm_lead_rawValues: ["Status", "Rating"]
  },
  optional: ["CurrencyIsoCode", "StateCode", "CountryCode", "Fax"],
  custom: "crm_lead_custom_fields",
  filters: { ownerId: "OwnerId", status: "Status" },
  filterTexts: {
    ownerId: ["Owner", "Only leads of this user or queue, by its id."],
    status: ["Status", "Only leads with this status, e.g. Open - Not Contacted."]
  },
  toRecord: (row) => {
    const email = R.text(row, "Email")
    return {
      info: {
        id: R.text(row, "Id"),
        firstName: R.text(row, "FirstName"),
        lastName: R.text(row, "LastName"),
        company: R.text(row, "Company"),
        jobTitle: R.text(row, "Title"),
        source: R.text(row, "LeadSource"),
        status: row.IsConverted === true ? "CONVERTED" : statusOf(R.text(row, "Status")),
        rating: ratingOf(R.text(row, "Rating")),
        currency: R.text(row, "CurrencyIsoCode"),
        owner: R.user(row, "Owner"),
        createdBy: R.user(row, "CreatedBy"),
        createdAt: R.instant(row, "CreatedDate"),
        updatedAt: R.instant(row, "LastModifiedDate"),
        lastActivityAt: R.date(row, "LastActivityDate"),
        convertedAt: R.date(row, "ConvertedDate"),
        convertedContactId: R.text(row, "ConvertedContactId"),
        convertedAccountId: R.text(row, "ConvertedAccountId"),
        convertedDealId: R.text(row, "ConvertedOpportunityId")
      },
      addresses: R.some([R.address(row, "", "PRIMARY")]),
      phones: R.some([
        R.phone(row, "Phone", "WORK"),
        R.phone(row, "MobilePhone", "MOBILE"),
        R.phone(row, "Fax", "FAX")
      ]),
      emails: email === undefined ? undefined : [{ email }],
      customFields: R.customFields(row),
      rawValues: { status: R.text(row, "Status"), rating: R.text(row, "Rating") }
    }
  },
  support: {
    // Annual revenue is what the lead's company earns, not what the lead is worth.
    info: { support: "SUPPORTED", fields: all("UNSUPPORTED", "estimatedValue") },
    addresses: { support: "SUPPORTED" },
    phones: { support: "SUPPORTED", fields: all("UNSUPPORTED", "extension", "isPrimary") },
    emails: { support: "SUPPORTED", fields: all("UNSUPPORTED", "type", "isPrimary") },
    customFields: { support: "SUPPORTED" },
    rawValues: { support: "SUPPORTED" }
  }
})
