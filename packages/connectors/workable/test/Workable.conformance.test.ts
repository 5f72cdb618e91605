import { ConnectorConformance } from "@crochet/core/testing"
import { connector } from "../src/index.ts"
import { sandbox } from "./WorkableSandbox.ts"

// A list with details of each row, one of which only some are meant, one that is read whole, one by positions.
const ways = ["ats_jobs", "ats_applications", "ats_departments", "employee"]

ConnectorConformance.suite({ connector, sandbox, ways })
