import type { Connector } from "@crochet/core"
import { ConnectorConformance } from "@crochet/core/testing"
import { sandbox } from "./AcmeSandbox.ts"
import { importFence } from "./DocumentedCode.ts"

// The 33 lines at the top of docs/authoring.md, judged like every other connector.
const { acme } = await importFence("docs/authoring.md", "acme")
ConnectorConformance.suite({ connector: acme as Connector.Connector, sandbox })
