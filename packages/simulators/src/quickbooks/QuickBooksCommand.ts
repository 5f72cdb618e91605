import type { Command } from "../command/Command.ts"
import { startQuickBooks } from "./QuickBooks.ts"

/** `crochet-simulators quickbooks`. */
export const quickbooks: Command = {
  id: "quickbooks",
  name: "QuickBooks Online",
  options: {
    customers: { kind: "number", help: "how many customers there are (default 40)" },
    invoices: { kind: "number", help: "how many invoices there are (default 60)" },
    realm: { kind: "text", help: "the company's id (default 9341450000000042)" },
    shuffle: { kind: "switch", help: "write JSON keys in random order" }
  },
  start: async (given, common) => {
    const [customers, invoices, realmId] = [given.number("customers"), given.number("invoices"), given.text("realm")]
    const sim = await startQuickBooks({
      ...common,
      ...(customers === undefined ? {} : { customers }),
      ...(invoices === undefined ? {} : { invoices }),
      ...(realmId === undefined ? {} : { realmId })
    })
    if (given.on("shuffle")) sim.control.shuffleKeys(true)
    const count = sim.control.count()
    return {
      title: `QuickBooks simulator with ${count.Customer} customers, ${count.Vendor} vendors and ${count.Invoice} invoices`,
      url: sim.url,
      account: [
        ["company ID", sim.realmId],
        ["access token", sim.accessToken],
        ["refresh token", sim.refreshToken]
      ],
      environment: [
        ["CROCHET_OAUTH_QUICKBOOKS_CLIENT_ID", sim.clientId],
        ["CROCHET_OAUTH_QUICKBOOKS_CLIENT_SECRET", sim.clientSecret],
        ["CROCHET_OAUTH_QUICKBOOKS_TOKEN_URL", sim.tokenUrl],
        ["CROCHET_OAUTH_QUICKBOOKS_AUTHORIZE_URL", sim.authorizeUrl],
        ["CROCHET_OAUTH_QUICKBOOKS_REVOKE_URL", sim.revokeUrl]
      ],
      look: `-H 'Accept: application/json' -H 'Authorization: Bearer ${sim.accessToken}' ${sim.url}/v3/company/${sim.realmId}/companyinfo/${sim.realmId}`,
      control: [
        ["add", '{"entity": "Invoice", "count": 3}'],
        ["list?entity=Customer"],
        ["change", '{"entity": "Customer", "id": "1", "fields": {"GivenName": "Dana"}}'],
        ["remove", '{"entity": "Invoice", "id": "2"}'],
        ["refuse", '{"code": "3001", "status": 429, "times": 2}']
      ],
      close: () => sim.close()
    }
  }
}
