import { dateOf, pick } from "./Values.ts"
import { day, deletable, field, none, reference, system, text } from "./FieldMaking.ts"
import { object, type ObjectDefinition } from "./ObjectMaking.ts"

const roles = ["Decision Maker", "Evaluator", "Economic Buyer", "Influencer"]

/** The objects that only say which records belong together. */
export const associationObjects: ReadonlyArray<ObjectDefinition> = [
  object(
    "OpportunityContactRole",
    "00K",
    [
      [
        reference("OpportunityId", "Opportunity", ["Opportunity"], 120, true, "OpportunityContactRoles"),
        reference("ContactId", "Contact", ["Contact"], 121, true, "OpportunityContactRoles"),
        text("Role", roles, 122, "picklist"),
        field("IsPrimary", "boolean", ({ share }) => share(123) < 0.3)
      ],
      deletable,
      system
    ],
    { label: "Opportunity Contact Role", plural: "Opportunity Contact Roles", binless: true }
  ),
  object(
    "AccountContactRelation",
    "07k",
    [
      [
        reference("AccountId", "Account", ["Account"], 130, true, "AccountContactRelations"),
        reference("ContactId", "Contact", ["Contact"], 131, true, "AccountContactRelations"),
        field("Roles", "multipicklist", ({ share }) => (share(132) < 0.3 ? null : pick(roles, share(133))), {
          options: roles
        }),
        field("IsDirect", "boolean", ({ share }) => share(134) < 0.5),
        field("IsActive", "boolean", ({ share }) => share(135) < 0.8),
        field("StartDate", "date", ({ at }) => dateOf(at - 30 * day)),
        none("EndDate", "date")
      ],
      deletable,
      system
    ],
    { label: "Account Contact Relationship", plural: "Account Contact Relationships" }
  ),
  object(
    "CampaignMember",
    "00v",
    [
      [
        reference("CampaignId", "Campaign", ["Campaign"], 140, true, "CampaignMembers"),
        field("ContactId", "reference", ({ share, someId }) => (share(142) < 0.5 ? someId("Contact", 141) : null), {
          reference: { to: ["Contact"], relationship: "Contact", children: "CampaignMembers" }
        }),
        field("LeadId", "reference", ({ share, someId }) => (share(142) < 0.5 ? null : someId("Lead", 143)), {
          reference: { to: ["Lead"], relationship: "Lead", children: "CampaignMembers" }
        }),
        text("Status", ["Sent", "Responded"], 144, "picklist"),
        field("HasResponded", "boolean", ({ share }) => share(144) >= 0.5)
      ],
      deletable,
      system
    ],
    { label: "Campaign Member", plural: "Campaign Members" }
  )
]
