import { ConnectorConformance } from "@crochet/core/testing"
import { connector } from "../src/index.ts"
import { sandbox } from "./QuickBooksSandbox.ts"

// A list, two lists, two kinds of transactions, one without cdc, one without pages.
const ways = ["accounts", "contacts", "invoices", "tax_rates", "companies", "projects"].map(
  (name) => `accounting_${name}`
)

ConnectorConformance.suite({ connector, sandbox, ways })
