import { ConnectorConformance } from "@crochet/core/testing"
import { connector } from "../src/index.ts"
import { sandbox } from "./WorkableSandbox.ts"

// A list with pages, one whose rows are read one by one, lists inside of a list, one answer without pages, one by
// positions.
const ways = ["ats_jobs", "ats_applications", "ats_activities", "ats_departments", "employee"]

ConnectorConformance.suite({ connector, sandbox, ways })
