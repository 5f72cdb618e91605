import { ConnectorConformance } from "@crochet/core/testing"
import { connector } from "../src/index.ts"
import { sandbox } from "./BambooHRSandbox.ts"

ConnectorConformance.suite({
  connector,
  sandbox,
  // The simulator knows nobody's ethnicity.
  unfilled: ["demographics"],
  // Tables that many accounts do not have.
  optionalPaths: ["/tables/bonus", "/tables/commission", "/tables/customBankInfo"]
})
