import { Sandbox } from "@crochet/core/testing"
import { startOkta } from "./OktaApp.ts"

/** The stand-in for Okta as the conformance kit wants it. */
export const sandbox: Sandbox.Sandbox = {
  records: 14,
  start: async ({ now, records, seed }) => {
    const okta = await startOkta({ now, token: `canary-00token${seed}` })
    const idOf = (index: number) => `00u${seed}x${String(index).padStart(4, "0")}`
    let added = 0
    const add = () => {
      const id = idOf(added++)
      okta.put(id, {
        employeeNumber: `${added}`,
        middleName: "M",
        nickName: "Nick",
        displayName: `Given ${id}`,
        secondEmail: `${id}@home.example`,
        mobilePhone: "+1 555 0100",
        primaryPhone: "+1 555 0101",
        title: "Engineer",
        department: "R&D",
        division: "East",
        costCenter: "42",
        userType: "Employee",
        timezone: "Europe/Berlin",
        preferredLanguage: "de",
        shirtSize: "M"
      })
      return id
    }
    for (let left = records; left > 0; left--) add()
    okta.pageSize = 5
    const access = (token: string) => ({ scheme: "token", values: { token } })
    return {
      baseUrl: okta.url,
      settings: { subdomain: "acme", domain: "okta.com" },
      access: access(okta.token),
      wrong: access("a-token-that-nobody-made"),
      forbidden: access(okta.powerlessToken),
      oauth: Sandbox.absent("the connector authenticates by API token"),
      populations: {
        employee: {
          list: () => [...okta.users.values()].map(({ id, status }) => ({ id, active: status !== "DEPROVISIONED" })),
          add,
          change: (id, turn) => okta.put(id, { title: `Title ${turn}` }),
          remove: (id) => okta.delete(id),
          deactivate: (id) => okta.put(id, {}, { status: "DEPROVISIONED" })
        }
      },
      fault: ({ kind, match }) => okta.faults.push({ kind, path: match.path }),
      close: () => okta.close()
    }
  }
}
