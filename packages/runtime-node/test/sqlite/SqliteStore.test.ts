import { StoreConformance } from "@crochet/core/testing"
import { SqliteStore } from "@crochet/runtime-node"

StoreConformance.suite("SqliteStore", SqliteStore.layer({ path: ":memory:" }))
