import { OutboxModel, OutboxRace } from "@crochet/core/testing"
import { SqliteStore } from "@crochet/runtime-node"

OutboxModel.suite("SqliteStore", SqliteStore.layer({ path: ":memory:" }), { runs: 60 })
OutboxRace.suite("SqliteStore", SqliteStore.layer({ path: ":memory:" }), { runs: 40 })
