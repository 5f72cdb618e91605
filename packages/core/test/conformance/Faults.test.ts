import { assert, describe, it } from "@effect/vitest"
import { positionsOf } from "../../src/testing/conformance/Faults.ts"

/** Requests as the wire logs them, as far as positions are concerned. */
const requests = (...paths: ReadonlyArray<string>) =>
  paths.map((path, n) => ({
    n,
    at: 0,
    method: "GET",
    url: new URL(path, "http://127.0.0.1"),
    body: "",
    headers: {},
    isToken: false,
    key: path,
    status: 200,
    text: "",
    interrupted: false,
    fault: null
  }))

const sevenRows = ["Account", "Contact", "Lead", "Note", "Order", "Task", "User"]
const listing = requests("/v1/objects", ...sevenRows.map((name) => `/v1/objects/${name}/fields`))

describe("requests that meet a fault", () => {
  it("are the first, the middle and the last of an endpoint, whose paths differ in ids of records only", () => {
    assert.deepStrictEqual(positionsOf(listing, { ids: sevenRows, resources: 1, turn: 0 }), [0, 1, 4, 7])
  })

  it("are of each endpoint where names in paths are no ids", () => {
    assert.deepStrictEqual(positionsOf(listing, { ids: ["12"], resources: 6, turn: 0 }), [0, 1, 2, 3, 4, 5, 6, 7])
  })

  it("take turns with the ends of what is asked row by row, when there are many data types", () => {
    assert.deepStrictEqual(positionsOf(listing, { ids: sevenRows, resources: 6, turn: 0 }), [0, 1])
    assert.deepStrictEqual(positionsOf(listing, { ids: sevenRows, resources: 6, turn: 1 }), [0, 7])
    assert.deepStrictEqual(positionsOf(listing, { ids: sevenRows, resources: 6 }), [0, 1, 7])
  })

  it("take what has a digit for an id", () => {
    assert.deepStrictEqual(
      positionsOf(requests("/jobs", "/jobs/a1", "/jobs/b2", "/jobs/c3"), { ids: [], resources: 4 }),
      [0, 1, 3]
    )
  })
})
