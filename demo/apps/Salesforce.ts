import { type SalesforceSimulator, startSalesforce } from "@crochet/simulators"
import type { App, Expected } from "../App.ts"
import { isCanary } from "../Canaries.ts"

const client = { clientId: "crochet-demo", clientSecret: "crochet-demo-secret" }
const everything = { limit: 100_000 }

/** Three contacts are added, three change, two are deleted. */
const changeThings = ({ control }: SalesforceSimulator): Expected => {
  const [promoted, married, mailed, removed, purged] = control.list("Contact", everything).map(({ id }) => id)
  const added = control.add("Contact", [
    { FirstName: "Valentina", LastName: "Castellanos" },
    { LastName: "Oyelaran" },
    { LastName: "Szymborska" }
  ])
  control.change(promoted!, { Title: "Chief Weaver" })
  control.change(married!, { LastName: "Featherstonehaugh" })
  control.change(mailed!, { Email: "castellanos@example.com" })
  control.remove(removed!)
  control.remove(purged!, { purge: true })
  return {
    new: new Set(added),
    modified: new Set([promoted!, married!, mailed!]),
    deleted: new Map([
      [removed!, "gone"],
      [purged!, "gone"]
    ])
  }
}

/** Names, addresses, phones and e-mails of contacts and leads. */
const personalOf = ({ control }: SalesforceSimulator): ReadonlySet<string> =>
  new Set(
    ["Contact", "Lead"]
      .flatMap((object) => control.list(object, everything))
      .flatMap(({ fields }) =>
        ["FirstName", "LastName", "Email", "Phone", "MobilePhone", "MailingStreet"].map((field) => fields[field])
      )
      .filter(isCanary)
  )

/** Contacts of Salesforce, with accounts, leads, deals and the rest of a CRM beside them. */
export const salesforce: App = {
  id: "salesforce",
  name: "Salesforce",
  category: "CRM",
  dataType: "crm_contacts",
  records: "contacts",
  words: { present: "contacts", added: "who were added", changed: "who changed", gone: "who were deleted" },
  start: async () => {
    let ahead = 0
    const simulator = await startSalesforce({
      seed: 7,
      records: { Contact: 150, Account: 40 },
      oauth: client,
      now: () => Date.now() + ahead
    })
    const count = simulator.control.count
    return {
      url: simulator.url,
      population: `${count("Contact")} contacts of ${count("Account")} accounts`,
      account: {
        credentials: { accessToken: simulator.accessToken, refreshToken: simulator.refreshToken },
        settings: { instanceUrl: "https://acme.my.salesforce.com", objects: "Loom__c" }
      },
      oauth: { ...client, tokenUrl: simulator.tokenUrl },
      present: () => new Set(simulator.control.list("Contact", everything).map(({ id }) => id)),
      change: () => {
        const expected = changeThings(simulator)
        // Salesforce's log of deletions tells of whole minutes that are over; the demo does not wait for this one to end.
        ahead += 61_000
        return expected
      },
      personal: () => Promise.resolve(personalOf(simulator)),
      curl: `${simulator.url}/_control/add -d '{"object": "Contact", "count": 3}'`,
      close: () => simulator.close()
    }
  }
}
