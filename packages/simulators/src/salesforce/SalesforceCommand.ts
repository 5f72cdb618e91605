import type { Command } from "../command/Command.ts"
import { startSalesforce } from "./Salesforce.ts"

/** `crochet-simulators salesforce`. */
export const salesforce: Command = {
  id: "salesforce",
  name: "Salesforce",
  options: {
    contacts: { kind: "number", help: "how many contacts there are (default 100)" },
    accounts: { kind: "number", help: "how many accounts there are (default 20)" },
    shuffle: { kind: "switch", help: "write JSON keys in random order" }
  },
  start: async (given, common) => {
    const [contacts, accounts] = [given.number("contacts"), given.number("accounts")]
    const sim = await startSalesforce({
      ...common,
      records: {
        ...(contacts === undefined ? {} : { Contact: contacts }),
        ...(accounts === undefined ? {} : { Account: accounts })
      }
    })
    if (given.on("shuffle")) sim.control.shuffleKeys(true)
    return {
      title: `Salesforce simulator with ${sim.control.count("Account")} accounts and ${sim.control.count("Contact")} contacts`,
      url: sim.url,
      account: [
        ["instance URL", "https://acme.my.salesforce.com"],
        ["access token", sim.accessToken],
        ["refresh token", sim.refreshToken]
      ],
      environment: [
        ["CROCHET_OAUTH_SALESFORCE_CLIENT_ID", "any"],
        ["CROCHET_OAUTH_SALESFORCE_CLIENT_SECRET", "any"],
        ["CROCHET_OAUTH_SALESFORCE_TOKEN_URL", sim.tokenUrl],
        ["CROCHET_OAUTH_SALESFORCE_AUTHORIZE_URL", sim.authorizeUrl],
        ["CROCHET_OAUTH_SALESFORCE_REVOKE_URL", sim.revokeUrl]
      ],
      look: `-H 'Authorization: Bearer ${sim.accessToken}' '${sim.url}/services/data/v66.0/query?q=SELECT+Id,Name+FROM+Contact+LIMIT+3'`,
      control: [
        ["add", '{"object": "Contact", "count": 3}'],
        ["list?object=Contact&limit=3"],
        ["exceedLimit", '{"limit": "daily"}'],
        ["breakBulk", '{"how": "refuse"}'],
        ["expireTokens", "{}"]
      ],
      close: () => sim.close()
    }
  }
}
