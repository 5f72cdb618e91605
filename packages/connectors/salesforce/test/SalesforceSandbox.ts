import { Sandbox } from "@crochet/core/testing"
import { type SalesforceFields, startSalesforce } from "@crochet/simulators"

const client = { clientId: "crochet", clientSecret: "client-secret-canary" }

/** The object behind each data type, and a field whose change is mapped. */
const objects: { readonly [dataType: string]: readonly [object: string, field: string] } = {
  crm_accounts: ["Account", "Description"],
  crm_contacts: ["Contact", "Title"],
  crm_leads: ["Lead", "Title"],
  crm_deals: ["Opportunity", "Name"],
  crm_tasks: ["Task", "Subject"],
  crm_notes: ["Note", "Title"],
  crm_engagements: ["Event", "Subject"],
  crm_campaigns: ["Campaign", "Name"],
  crm_products: ["Product2", "Name"],
  crm_records: ["Loom__c", "Name"]
}

/** The objects behind crm_associations, and a field whose change is mapped. */
const associations: { readonly [object: string]: string } = {
  OpportunityContactRole: "Role",
  AccountContactRelation: "Roles",
  CampaignMember: "Status"
}

/** Objects that every org has, and that no data type has as a schema. */
const notSchemas = new Set(["Organization", "OpportunityStage"])

/** Records that there are, and that nobody adds or removes. */
const onlyListed = (ids: ReadonlyArray<string>): Sandbox.Population => ({
  list: () => ids.map((id) => ({ id, active: true })),
  add: Sandbox.absent("users and stages are made by administrators"),
  change: Sandbox.absent("users and stages are changed by administrators"),
  remove: Sandbox.absent("users and stages cannot be deleted"),
  deactivate: Sandbox.absent("deactivated users stay")
})

/** The Salesforce simulator as the conformance kit wants it. */
export const sandbox: Sandbox.Sandbox = {
  records: 5,
  start: async ({ now, records, seed }) => {
    const sim = await startSalesforce({
      seed,
      now,
      historyUntil: "2020-01-01",
      records: Object.fromEntries([
        ...Object.values(objects).map(([object]) => [object, records]),
        ...Object.keys(associations).map((object) => [object, Math.ceil(records / 3)]),
        ["User", records]
      ]),
      pageSizes: [2],
      oauth: { ...client, rotateRefreshTokens: true }
    })
    const { control } = sim
    // With the standard ones, two pages of descriptions: each is a request.
    for (const at of [0, 1]) control.defineObject(`Fabric_${at}__c`, `Fabric ${at}`)
    let made = 0
    const population = (object: string, field: string): Sandbox.Population => ({
      list: () => control.list(object).map(({ id }) => ({ id, active: true })),
      add: () => control.add(object, { [field]: "Added" } as SalesforceFields)[0]!,
      change: (id, turn) => control.change(id, { [field]: `Turn ${turn}` }),
      remove: (id) => control.remove(id),
      deactivate: Sandbox.absent("records of a CRM are not made inactive")
    })
    return {
      baseUrl: sim.url,
      answer: sim.answer,
      settings: {
        environment: "production",
        instanceUrl: "https://acme.my.salesforce.com",
        objects: "Loom__c",
        bulk: "off"
      },
      access: null,
      wrong: { scheme: "oauth2", values: { accessToken: "a-token-that-nobody-gave" } },
      forbidden: Sandbox.absent("a user without the API is refused at signing in, not by a token"),
      oauth: {
        scheme: "oauth2",
        client,
        authorizeUrl: `${sim.url}/services/oauth2/authorize`,
        tokenUrl: sim.tokenUrl,
        revokeUrl: sim.revokeUrl,
        expire: () => control.expireTokens(),
        revoke: () => control.expireTokens({ refresh: true })
      },
      populations: {
        ...Object.fromEntries(
          Object.entries(objects).map(([dataType, [object, field]]) => [dataType, population(object, field)])
        ),
        crm_associations: {
          list: () =>
            Object.keys(associations).flatMap((object) => control.list(object).map(({ id }) => ({ id, active: true }))),
          add: () => control.add("OpportunityContactRole", { Role: "Added" })[0]!,
          change: (id, turn) => control.change(id, { [associations[control.get(id).object]!]: `Turn ${turn}` }),
          remove: (id) => control.remove(id),
          deactivate: Sandbox.absent("what has ended stays, and says so")
        },
        crm_schemas: {
          // Custom ones first: an org that lacks standard ones is rare.
          list: () =>
            control
              .objects()
              .filter((name) => !notSchemas.has(name))
              .sort((left, right) => Number(right.endsWith("__c")) - Number(left.endsWith("__c")))
              .map((id) => ({ id, active: true })),
          add: () => control.defineObject(`Thread_${made++}__c`),
          change: (id, turn) => control.relabelObject(id, `Turn ${turn}`),
          remove: (id) => (id.endsWith("__c") ? control.dropObject(id) : control.hideObject(id)),
          deactivate: Sandbox.absent("objects are not made inactive")
        },
        crm_pipelines: onlyListed(["Opportunity"]),
        crm_users: onlyListed(control.list("User").map(({ id }) => id))
      },
      fault: ({ kind, match }) => control.fault({ kind, match }),
      shuffle: (on) => control.shuffleKeys(on),
      close: () => sim.close()
    }
  }
}
