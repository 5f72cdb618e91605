import { type ArmedFault, readFault } from "../server/Fault.ts"
import {
  InvalidInput,
  refuseUnknown,
  requireFlag,
  requireInteger,
  requireOneOf,
  requireText
} from "../server/InvalidInput.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Command } from "../server/Server.ts"
import type { BooksControl } from "./BooksControl.ts"
import type { QuickBooksControl, Refusal } from "./Control.ts"

/** JSON has no infinity: it is written as it is read. */
const shown = (fault: ArmedFault) => ({
  ...fault,
  ...(fault.times === Infinity ? { times: "Infinity" } : {}),
  ...(fault.left === Infinity ? { left: "Infinity" } : {})
})

/** Reads a refusal; a wrong field is an `InvalidInput`. */
export const readRefusal = (input: object): Refusal => {
  const given: Record<string, unknown> = { ...input }
  refuseUnknown("", given, ["code", "status", "style", "message", "type", "times", "path"])
  if (typeof given.code !== "string" || !/^\d+$/.test(given.code)) {
    throw new InvalidInput("code", 'must be digits in a text, like "3001"')
  }
  const times = given.times === "Infinity" ? Infinity : given.times
  return {
    code: given.code,
    ...(given.status === undefined ? {} : { status: requireInteger("status", given.status, 200, 599) }),
    ...(given.style === undefined ? {} : { style: requireOneOf("style", given.style, ["Fault", "fault", "xml"]) }),
    ...(given.message === undefined ? {} : { message: requireText("message", given.message) }),
    ...(given.type === undefined ? {} : { type: requireText("type", given.type) }),
    ...(times === undefined ? {} : { times: times === Infinity ? Infinity : requireInteger("times", times, 1, 1e9) }),
    ...(given.path === undefined ? {} : { path: requireText("path", given.path) })
  }
}

/** The control interface as commands of `/_control/`. */
export const httpCommands = (
  control: QuickBooksControl,
  books: BooksControl,
  requests: () => ReadonlyArray<LoggedRequest>
): Readonly<Record<string, Command>> => ({
  add: {
    summary: 'add rows {"entity": "Invoice", "fields": {"TotalAmt": 12.5}, "count": 3}; fields and count are optional',
    run: (input) => {
      refuseUnknown("", input, ["entity", "fields", "count"])
      return { added: books.add(input.entity, input.fields, input.count) }
    }
  },
  change: {
    summary: 'change a row {"entity": "Customer", "id": "3", "fields": {"GivenName": "Dana"}}',
    run: (input) => books.change(input.entity, input.id, input.fields)
  },
  activate: {
    summary: 'make a row of a list inactive {"entity": "Vendor", "id": "3", "active": false}',
    run: (input) => books.activate(input.entity, input.id, requireFlag("active", input.active))
  },
  void: {
    summary: 'void a transaction {"entity": "Invoice", "id": "3"}',
    run: (input) => books.void(input.entity, input.id)
  },
  remove: {
    summary: 'delete a row {"entity": "Invoice", "id": "3"}',
    run: (input) => books.remove(input.entity, input.id)
  },
  list: {
    read: true,
    summary: "list an entity's rows ?entity=Customer",
    run: (input) => ({ rows: books.list(input.entity) })
  },
  count: { read: true, summary: "how many rows there are", run: () => control.count() },
  closeBooks: {
    summary: 'close the books up to a day {"until": "2025-12-31"}, or open them all {"until": null}',
    run: (input) => control.closeBooks(input.until === null ? null : requireText("until", input.until))
  },
  refuse: {
    summary: 'refuse requests in the app\'s words {"code": "3001", "status": 429, "times": 2, "style": "Fault"}',
    run: (input) => control.refuse(readRefusal(input))
  },
  fault: {
    summary: 'break answers {"kind": "truncate", "times": 2, "match": {"path": "/query"}}',
    run: (input) => shown(control.fault(readFault(input)))
  },
  faults: { read: true, summary: "the faults that still wait", run: () => ({ faults: control.faults().map(shown) }) },
  clearFaults: { summary: "forget all faults and refusals", run: () => ({ cleared: control.clearFaults() }) },
  expireTokens: {
    summary: 'end all access tokens, with {"refresh": true} the refresh tokens too',
    run: (input) => ({
      ended: control.expireTokens({
        refresh: input.refresh === undefined ? false : requireFlag("refresh", input.refresh)
      })
    })
  },
  consent: {
    summary: 'how sign-ins end from now on {"deny": true} or {"realmId": "9341450000000099"}; {} approves',
    run: (input) => {
      refuseUnknown("", input, ["deny", "realmId"])
      control.consent({
        ...(input.deny === undefined ? {} : { deny: requireFlag("deny", input.deny) }),
        ...(input.realmId === undefined ? {} : { realmId: requireText("realmId", input.realmId) })
      })
    }
  },
  shuffleKeys: {
    summary: 'write JSON keys in random order {"on": true}',
    run: (input) => control.shuffleKeys(requireFlag("on", input.on))
  },
  requests: { read: true, summary: "the requests so far, without secrets", run: () => ({ requests: requests() }) },
  clearRequests: { summary: "forget the requests so far", run: () => ({ cleared: control.clearRequests() }) }
})
