/**
 * Tests that mostly wait for the program's own clock. In one file they wait together: files may run one after another,
 * where there are few cores.
 */
import "./delivery.ts"
import "./provider.ts"
import "./canaries.ts"
import "./replay.ts"
import "./backup.ts"
import "./clock.ts"
