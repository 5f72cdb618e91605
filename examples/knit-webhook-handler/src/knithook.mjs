// A webhook handler as Knit's guide "Syncing employee data" describes it. It knows nothing of Crochet.
import { createHmac } from "node:crypto"

/** Employees by record id: the part of this program that a real one keeps in its database.
 * @typedef {Map<string, Record<string, any>>} Employees */

/** HMAC-SHA256 of the body with the API key, in base64url without padding.
 * @param {string} key
 * @param {string} data */
export const getSignature = (key, data) => createHmac("sha256", key).update(data, "utf8").digest("base64url")

/** Makes the function behind `POST /knithook`. It always gets one employee, or one word about a sync, at a time.
 * @param {{ apiKey: string, employees: Employees, log?: (line: string) => void }} options */
export const makeKnithook = ({ apiKey, employees, log = console.log }) => {
  /** @param {Record<string, string | string[] | undefined>} headers with lower-case names
   * @param {string} reqBody the body exactly as it came: parsing it first would change its bytes
   * @returns {{ status: number, text: string }} */
  const knithook = (headers, reqBody) => {
    const integrationId = headers["x-knit-integration-id"]
    const actualSignature = headers["x-knit-signature"]
    const expectedSignature = getSignature(apiKey, reqBody)
    if (actualSignature === undefined || actualSignature === "" || actualSignature !== expectedSignature) {
      return { status: 401, text: "not ok" }
    }

    const event = JSON.parse(reqBody)
    switch (event.eventType) {
      case "record.new":
        employees.set(event.recordId, event.eventData)
        break
      case "record.modified":
        // The whole record comes again, so storing it is the same work; delivery is at least once, so it may repeat.
        employees.set(event.recordId, event.eventData)
        break
      case "record.deleted":
        employees.delete(event.recordId)
        break
      case "sync.events.processed":
        log(`${integrationId}: ${event.syncType} ${event.syncRunId} has read ${event.eventData.processed} records`)
        break
      case "sync.events.allConsumed":
        // Everything of this run has been acknowledged: the moment for work that needs the whole picture.
        log(`${integrationId}: all ${event.eventData.consumed} events of ${event.syncRunId} are here`)
        for (const [department, count] of headcount(employees)) log(`  ${department}: ${count}`)
        break
    }
    // Only 200 acknowledges an event; anything else brings it again later.
    return { status: 200, text: "ok" }
  }
  return knithook
}

/** How many employees each department has, the largest first.
 * @param {Employees} employees */
export const headcount = (employees) => {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const employee of employees.values()) {
    const department = employee.orgStructure?.department ?? "no department"
    counts.set(department, (counts.get(department) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a)
}
