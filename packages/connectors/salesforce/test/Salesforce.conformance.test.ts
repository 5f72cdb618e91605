import { ConnectorConformance } from "@crochet/core/testing"
import { connector } from "../src/index.ts"
import { sandbox } from "./SalesforceSandbox.ts"

// An object as it is, one whose records are never deleted, custom objects, one answer without pages, several objects,
// descriptions.
const ways = ["crm_contacts", "crm_users", "crm_records", "crm_pipelines", "crm_associations", "crm_schemas"]

ConnectorConformance.suite({ connector, sandbox, ways })
