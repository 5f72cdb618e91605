import { ConnectorConformance } from "@crochet/core/testing"
import { it } from "vitest"
import { connector } from "../src/index.ts"
import { sandbox } from "./QuickBooksSandbox.ts"

// One data type of each way of reading: a list, two lists, two kinds of transactions, one without cdc, one without pages.
const ways = ["accounts", "contacts", "invoices", "tax_rates", "companies"].map((name) => `accounting_${name}`)
const resources = connector.resources.filter(({ dataType }) => ways.includes(dataType.id))
ConnectorConformance.suite({ connector: { ...connector, resources }, sandbox })

// What differs between the others, which the same code reads, is what they declare and map.
const rest = ConnectorConformance.cases({ connector, sandbox }).filter(
  ({ about, title }) => about === "declaration" || /SUPPORTED|models and fields/.test(title)
)
for (const { run, title } of rest) it(`all: ${title}`, run)
