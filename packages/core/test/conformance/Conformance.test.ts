import { ConnectorConformance } from "@crochet/core/testing"
import { sandbox } from "./TinyApp.ts"
import { tiny } from "./TinyConnector.ts"

ConnectorConformance.suite({ connector: tiny(), sandbox })
