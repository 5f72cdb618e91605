import { MemoryStore } from "@crochet/core"
import { StoreConformance } from "@crochet/core/testing"

StoreConformance.suite("MemoryStore", MemoryStore.layer)
