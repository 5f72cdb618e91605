import { ConnectorConformance } from "@crochet/core/testing"
import { connector } from "../src/index.ts"
import { sandbox } from "./OktaSandbox.ts"

ConnectorConformance.suite({ connector, sandbox })
