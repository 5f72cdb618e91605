import {
  active,
  address,
  cities,
  day,
  deletable,
  field,
  first,
  industries,
  last,
  none,
  owned,
  person,
  phone,
  ratings,
  reference,
  sources,
  system,
  text,
  titles
} from "./FieldMaking.ts"
import { associationObjects } from "./AssociationObjects.ts"
import { object, type ObjectDefinition } from "./ObjectMaking.ts"
import { dateOf, pick, stampOf } from "./Values.ts"

/** The objects of the simulated org, with one custom object and some custom fields. */
export const objects: ReadonlyArray<ObjectDefinition> = [
  object(
    "Organization",
    "00D",
    [[field("Name", "string", () => "Acme"), field("OrganizationType", "string", () => "Developer Edition")], system],
    {
      replicateable: false
    }
  ),
  object("User", "005", [
    [
      field("Username", "string", ({ n }) => `user${n}@acme.example`),
      text("FirstName", first, 11),
      text("LastName", last, 12),
      field("Name", "string", ({ share }) => `${pick(first, share(11))} ${pick(last, share(12))}`),
      field("Email", "email", ({ n }) => `user${n}@acme.example`),
      field("IsActive", "boolean", ({ share }) => share(20) < 0.9),
      text("Title", titles, 13),
      reference("ManagerId", "Manager", ["User"], 21),
      field("UserType", "picklist", () => "Standard")
    ],
    system
  ]),
  object("Account", "001", [
    [
      field("Name", "string", ({ n, share }) => `${pick(last, share(12))} & Sons ${n}`, { required: true }),
      text("Type", ["Customer - Direct", "Prospect", "Technology Partner", "Other", "Competitor"], 30, "picklist"),
      text("Industry", industries, 31, "picklist"),
      field("Website", "url", ({ n }) => `https://www.account${n}.example`),
      field("NumberOfEmployees", "int", ({ share }) => Math.floor(share(32) * 5000)),
      field("AnnualRevenue", "currency", ({ share }) => Math.floor(share(33) * 1_000_000_000) / 100),
      none("Description", "textarea"),
      reference("ParentId", "Parent", ["Account"], 34),
      phone("Phone", 15),
      phone("Fax", 16),
      field("Loom_Count__c", "double", ({ share }) => Math.floor(share(35) * 50), { custom: true, label: "Looms" }),
      field("IsPersonAccount", "boolean", ({ share }) => share(37) < 0.3),
      field("PersonEmail", "email", ({ n, share }) => (share(37) < 0.3 ? `person-account${n}@example.com` : null)),
      field("Is_Guild_Member__c", "boolean", ({ share }) => share(36) < 0.5, { custom: true })
    ],
    address("Billing", 40),
    address("Shipping", 50),
    owned,
    active,
    deletable,
    system
  ]),
  object("Contact", "003", [
    person,
    [
      reference("AccountId", "Account", ["Account"], 60, false, "Contacts"),
      text("Department", ["Weaving", "Dyeing", "Finance"], 61),
      text("LeadSource", sources, 62, "picklist"),
      field("Birthdate", "date", ({ share }) =>
        share(63) < 0.7 ? null : dateOf(Math.floor(share(64) * 10_000) * day)
      ),
      field("HasOptedOutOfEmail", "boolean", ({ share }) => share(65) < 0.1),
      phone("HomePhone", 66),
      phone("Fax", 67),
      field("Badge__c", "string", ({ n }) => `B-${n}`, { custom: true, label: "Badge" }),
      field("Joined__c", "datetime", ({ at }) => stampOf(at), { custom: true })
    ],
    address("Mailing", 40),
    address("Other", 50),
    owned,
    active,
    deletable,
    system
  ]),
  object("Lead", "00Q", [
    person,
    [
      field("Company", "string", ({ n }) => `Prospect ${n} Ltd`, { required: true }),
      text("LeadSource", sources, 62, "picklist"),
      text("Status", ["Open - Not Contacted", "Working - Contacted", "Closed - Not Converted"], 70, "picklist"),
      text("Rating", ratings, 71, "picklist"),
      field("IsConverted", "boolean", () => false),
      none("ConvertedDate", "date"),
      none("ConvertedAccountId", "reference"),
      none("ConvertedContactId", "reference"),
      none("ConvertedOpportunityId", "reference"),
      field("AnnualRevenue", "currency", ({ share }) => Math.floor(share(33) * 1_000_000)),
      field("Fair__c", "string", ({ n }) => `Fair ${n}`, { custom: true })
    ],
    address("", 40),
    owned,
    active,
    deletable,
    system
  ]),
  object("Opportunity", "006", [
    [
      field("Name", "string", ({ n }) => `Cloth order ${n}`, { required: true }),
      none("Description", "textarea"),
      field("Amount", "currency", ({ share }) => Math.floor(share(80) * 10_000_000) / 100),
      text("StageName", ["Prospecting", "Negotiation/Review", "Closed Won", "Closed Lost"], 81, "picklist"),
      field("IsClosed", "boolean", ({ share }) => share(81) >= 0.5),
      field("IsWon", "boolean", ({ share }) => share(81) >= 0.5 && share(81) < 0.75),
      field("Probability", "percent", ({ share }) => [10, 90, 100, 0][Math.floor(share(81) * 4)]!),
      field("ExpectedRevenue", "currency", ({ share }) => Math.floor(share(80) * 1_000_000)),
      field("CloseDate", "date", ({ at }) => dateOf(at + 30 * day)),
      text("Type", ["New Customer", "Existing Customer - Upgrade"], 82, "picklist"),
      text("LeadSource", sources, 62, "picklist"),
      reference("AccountId", "Account", ["Account"], 83, false, "Opportunities"),
      reference("ContactId", "Contact", ["Contact"], 84),
      none("LastStageChangeDate", "datetime"),
      field("Cloth__c", "multipicklist", ({ share }) => (share(85) < 0.5 ? "Wool;Linen" : null), {
        custom: true,
        options: ["Wool", "Linen"]
      })
    ],
    owned,
    active,
    deletable,
    system
  ]),
  object(
    "OpportunityStage",
    "01J",
    [
      [
        field(
          "MasterLabel",
          "string",
          ({ n }) => ["Prospecting", "Negotiation/Review", "Closed Won", "Closed Lost"][n] ?? `Stage ${n}`
        ),
        field(
          "ApiName",
          "string",
          ({ n }) => ["Prospecting", "Negotiation/Review", "Closed Won", "Closed Lost"][n] ?? `Stage ${n}`
        ),
        field("SortOrder", "int", ({ n }) => n + 1),
        field("IsActive", "boolean", () => true),
        field("IsClosed", "boolean", ({ n }) => n === 2 || n === 3),
        field("IsWon", "boolean", ({ n }) => n === 2),
        field("DefaultProbability", "percent", ({ n }) => [10, 90, 100, 0][n] ?? 50)
      ],
      system
    ],
    { replicateable: false }
  ),
  object("Task", "00T", [
    [
      field("Subject", "combobox", ({ n }) => `Call back ${n}`),
      none("Description", "textarea"),
      text(
        "Status",
        ["Not Started", "In Progress", "Waiting on someone else", "Completed", "Deferred"],
        90,
        "picklist"
      ),
      text("Priority", ["High", "Normal", "Low"], 91, "picklist"),
      field("ActivityDate", "date", ({ at }) => dateOf(at + 7 * day)),
      none("CompletedDateTime", "datetime"),
      reference("WhoId", "Who", ["Contact", "Lead"], 92),
      reference("WhatId", "What", ["Account", "Opportunity"], 93),
      reference("AccountId", "Account", ["Account"], 94)
    ],
    owned,
    deletable,
    system
  ]),
  object("Event", "00U", [
    [
      field("Subject", "combobox", ({ n }) => `Fitting ${n}`),
      none("Description", "textarea"),
      text("Location", cities, 95),
      field("StartDateTime", "datetime", ({ at }) => stampOf(at)),
      field("EndDateTime", "datetime", ({ at }) => stampOf(at + 3_600_000)),
      field("EventSubtype", "picklist", () => "Event"),
      text("Type", ["Meeting", "Call", "Other"], 96, "picklist"),
      reference("WhoId", "Who", ["Contact", "Lead"], 92),
      reference("WhatId", "What", ["Account", "Opportunity"], 93),
      reference("AccountId", "Account", ["Account"], 94)
    ],
    owned,
    deletable,
    system
  ]),
  object("Note", "002", [
    [
      field("Title", "string", ({ n }) => `Note ${n}`),
      field("Body", "textarea", ({ n }) => `Likes wool, ${n} times.`),
      reference("ParentId", "Parent", ["Account", "Contact", "Opportunity"], 97, true)
    ],
    owned,
    deletable,
    system
  ]),
  object("Campaign", "701", [
    [
      field("Name", "string", ({ n }) => `Spring fair ${n}`),
      text("Status", ["Planned", "In Progress", "Completed"], 98, "picklist"),
      text("Type", ["Trade Show", "Email"], 99, "picklist"),
      field("StartDate", "date", ({ at }) => dateOf(at)),
      field("EndDate", "date", ({ at }) => dateOf(at + 3 * day)),
      field("BudgetedCost", "currency", ({ share }) => Math.floor(share(100) * 100_000) / 100)
    ],
    owned,
    deletable,
    system
  ]),
  object("Product2", "01t", [
    [
      field("Name", "string", ({ n }) => `Cloth No. ${n}`),
      field("ProductCode", "string", ({ n }) => `C-${n}`),
      field("IsActive", "boolean", ({ share }) => share(101) < 0.8)
    ],
    deletable,
    system
  ]),
  object(
    "Loom__c",
    "a00",
    [
      [
        field("Name", "string", ({ n }) => `L-${String(n).padStart(5, "0")}`),
        field("Width__c", "double", ({ share }) => Math.floor(share(110) * 300) / 10, { custom: true, label: "Width" }),
        field("Pattern__c", "picklist", ({ share }) => pick(["Twill", "Satin", "Plain"], share(111)), {
          custom: true,
          options: ["Twill", "Satin", "Plain"]
        }),
        field("Account__c", "reference", ({ someId }) => someId("Account", 112), {
          custom: true,
          reference: { to: ["Account"], relationship: "Account__r", children: "Looms__r" }
        })
      ],
      owned,
      active,
      deletable,
      system
    ],
    { custom: true, label: "Loom", plural: "Looms" }
  ),
  ...associationObjects
]
