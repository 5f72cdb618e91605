import { StoreModel } from "@crochet/core/testing"
import { SqliteStore } from "@crochet/runtime-node"

StoreModel.suite("SqliteStore", SqliteStore.layer({ path: ":memory:" }), { runs: 60 })
