import { ConnectorConformance } from "@crochet/core/testing"
import { playground } from "../src/index.ts"
import { sandbox } from "./PlaygroundSandbox.ts"

ConnectorConformance.suite({ connector: playground, sandbox })
