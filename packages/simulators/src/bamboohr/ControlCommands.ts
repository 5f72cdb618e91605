import { type ArmedFault, readFault } from "../server/Fault.ts"
import { InvalidInput, refuseUnknown, requireFlag, requireInteger, requireText } from "../server/InvalidInput.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Command } from "../server/Server.ts"
import type { CompanyControl } from "./CompanyControl.ts"
import type { Control } from "./Control.ts"

/** JSON has no infinity: it is written as it is read. */
const shown = (fault: ArmedFault) => ({
  ...fault,
  ...(fault.times === Infinity ? { times: "Infinity" } : {}),
  ...(fault.left === Infinity ? { left: "Infinity" } : {})
})

/** The control interface as commands of `/_control/`. */
export const httpCommands = (
  control: Control,
  company: CompanyControl,
  requests: () => ReadonlyArray<LoggedRequest>
): Readonly<Record<string, Command>> => ({
  hire: {
    summary: 'hire made-up people {"count": 3} or given ones {"employees": [{"firstName": "Dana"}]}',
    run: (input) => {
      refuseUnknown("", input, ["count", "employees"])
      if (input.employees !== undefined && !Array.isArray(input.employees)) {
        throw new InvalidInput("employees", "must be a list of employees")
      }
      if (input.employees !== undefined) return { hired: company.hire(input.employees) }
      return { hired: control.hire(input.count === undefined ? 1 : requireInteger("count", input.count, 1, 100_000)) }
    }
  },
  change: {
    summary: 'change an employee {"id": "12", "fields": {"jobTitle": "Accountant"}}',
    run: (input) => {
      refuseUnknown("", input, ["id", "fields"])
      return company.change(input.id, input.fields)
    }
  },
  fire: {
    summary: 'end an employment {"id": "12", "date": "2026-05-31", "reason": "…"}; date and reason are optional',
    run: ({ id, ...options }) => company.fire(id, options)
  },
  remove: {
    summary: 'remove an employee\'s record {"id": "12"}',
    run: (input) => {
      refuseUnknown("", input, ["id"])
      return company.remove(input.id)
    }
  },
  addLeave: {
    summary: 'add a time-off request {"employeeId", "start", "end", "type"?, "status"?, "note"?}',
    run: (input) => company.addLeave(input)
  },
  changeLeave: {
    summary: 'decide on a time-off request {"id": "1348", "status": "approved"}',
    run: (input) => {
      refuseUnknown("", input, ["id", "status"])
      return company.changeLeave(input.id, input.status)
    }
  },
  changeDependents: {
    summary: 'replace the dependents {"id": "12", "dependents": [{"firstName", "relationship", …}]}',
    run: (input) => {
      refuseUnknown("", input, ["id", "dependents"])
      return company.changeDependents(input.id, input.dependents)
    }
  },
  employees: {
    read: true,
    summary: "list the employees {status?, offset?, limit?}; GET takes them as query",
    run: (input) => ({ employees: company.list(input) })
  },
  employee: {
    read: true,
    summary: 'one employee {"id": "12"}',
    run: (input) => company.summary(company.find("id", input.id))
  },
  count: { read: true, summary: "how many employees there are", run: () => control.count() },
  fault: {
    summary: 'break answers {"kind": "rate-limit", "times": 2, "retryAfter": 1, "match": {"path": "/employees"}}',
    run: (input) => shown(control.fault(readFault(input)))
  },
  faults: { read: true, summary: "the faults that still wait", run: () => ({ faults: control.faults().map(shown) }) },
  clearFaults: { summary: "forget all faults", run: () => ({ cleared: control.clearFaults() }) },
  expireTokens: {
    summary: 'end all access tokens, with {"refresh": true} the refresh tokens too',
    run: (input) => {
      refuseUnknown("", input, ["refresh"])
      return {
        ended: control.expireTokens({
          refresh: input.refresh === undefined ? false : requireFlag("refresh", input.refresh)
        })
      }
    }
  },
  revokeKey: { summary: "make the API key invalid", run: () => control.revokeKey() },
  restoreKey: {
    summary: 'make the first API key valid again, or another {"key": "…"}',
    run: (input) => control.restoreKey(input.key === undefined ? undefined : requireText("key", input.key))
  },
  shuffleKeys: {
    summary: 'write JSON keys in random order {"on": true}',
    run: (input) => control.shuffleKeys(requireFlag("on", input.on))
  },
  requests: { read: true, summary: "the requests so far, without secrets", run: () => ({ requests: requests() }) },
  clearRequests: { summary: "forget the requests so far", run: () => ({ cleared: control.clearRequests() }) }
})
