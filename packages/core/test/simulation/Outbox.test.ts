import { MemoryStore } from "@crochet/core"
import { OutboxModel, OutboxRace } from "@crochet/core/testing"

OutboxModel.suite("MemoryStore", MemoryStore.layer, { runs: 200 })
OutboxRace.suite("MemoryStore", MemoryStore.layer, { runs: 200 })
