import { ConnectorConformance } from "@crochet/core/testing"
import { connector } from "../src/index.ts"
import { sandbox } from "./WorkableSandbox.ts"

ConnectorConformance.suite({ connector, sandbox })
