import { readFault } from "../server/Fault.ts"
import { refuseUnknown, requireFlag, requireInteger, requireOneOf, requireText } from "../server/InvalidInput.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Command } from "../server/Server.ts"
import type { SalesforceControl } from "./Control.ts"
import { readFields } from "./OrgControl.ts"

const limits = ["daily", "concurrent", "none"] as const
const ways = ["refuse", "fail", "none"] as const

/** The control interface over HTTP. */
export const httpCommands = (
  control: SalesforceControl,
  requests: () => ReadonlyArray<LoggedRequest>
): Readonly<Record<string, Command>> => ({
  add: {
    summary: 'add records {"object": "Contact", "count": 3} or {"object": "Contact", "fields": {"LastName": "Loom"}}',
    run: (input) => {
      refuseUnknown("", input, ["object", "count", "fields"])
      const what =
        input.fields === undefined ? requireInteger("count", input.count ?? 1, 1, 100_000) : readFields(input.fields)
      return { ids: control.add(requireText("object", input.object), what) }
    }
  },
  change: {
    summary: 'change a record {"id": "003…", "fields": {"Title": "Buyer"}}',
    run: (input) => control.change(requireText("id", input.id), readFields(input.fields))
  },
  remove: {
    summary: 'delete a record {"id": "003…"}, with {"purge": true} from the recycle bin too',
    run: (input) =>
      control.remove(requireText("id", input.id), {
        purge: input.purge === undefined ? false : requireFlag("purge", input.purge)
      })
  },
  restore: {
    summary: 'take a record out of the recycle bin {"id": "003…"}',
    run: (input) => control.restore(requireText("id", input.id))
  },
  list: {
    read: true,
    summary: "live records {object, offset?, limit?}",
    run: (input) => ({
      records: control.list(requireText("object", input.object), {
        offset: requireInteger("offset", Number(input.offset ?? 0), 0, 1_000_000_000),
        limit: requireInteger("limit", Number(input.limit ?? 100), 1, 100_000)
      })
    })
  },
  get: { read: true, summary: 'one record {"id": "003…"}', run: (input) => control.get(requireText("id", input.id)) },
  count: {
    read: true,
    summary: 'how many live records {"object": "Contact"}',
    run: (input) => ({ count: control.count(requireText("object", input.object)) })
  },
  fault: {
    summary: 'break answers {"kind": "status", "status": 503, "times": 2, "match": {"path": "/query"}}',
    run: (input) => control.fault(readFault(input))
  },
  faults: { read: true, summary: "the faults that still wait", run: () => ({ faults: control.faults() }) },
  clearFaults: { summary: "forget all faults", run: () => ({ cleared: control.clearFaults() }) },
  expireTokens: {
    summary: 'end all sessions, with {"refresh": true} the refresh tokens too',
    run: (input) => ({
      ended: control.expireTokens({
        refresh: input.refresh === undefined ? false : requireFlag("refresh", input.refresh)
      })
    })
  },
  consent: {
    summary: 'how sign-ins end from now on {"deny": true}; {} approves',
    run: (input) => {
      refuseUnknown("", input, ["deny"])
      control.consent(input.deny === undefined ? {} : { deny: requireFlag("deny", input.deny) })
    }
  },
  exceedLimit: {
    summary: 'refuse with REQUEST_LIMIT_EXCEEDED {"limit": "daily" | "concurrent" | "none"}',
    run: (input) => {
      const limit = requireOneOf("limit", input.limit, limits)
      control.exceedLimit(limit === "none" ? null : limit)
    }
  },
  disableApi: {
    summary: 'API_DISABLED_FOR_ORG {"on": true}',
    run: (input) => control.disableApi(requireFlag("on", input.on))
  },
  breakBulk: {
    summary: 'refuse Bulk jobs or let them fail {"how": "refuse" | "fail" | "none"}',
    run: (input) => {
      const how = requireOneOf("how", input.how, ways)
      control.breakBulk(how === "none" ? null : how)
    }
  },
  hideField: {
    summary: 'take a field away from the user {"object": "Contact", "field": "Email", "hidden": true}',
    run: (input) =>
      control.hideField(
        requireText("object", input.object),
        requireText("field", input.field),
        input.hidden === undefined ? true : requireFlag("hidden", input.hidden)
      )
  },
  objects: {
    read: true,
    summary: "the objects that the user may see",
    run: () => ({ objects: control.objects() })
  },
  hideObject: {
    summary: 'take an object away from the user {"object": "AccountContactRelation", "hidden": true}',
    run: (input) =>
      control.hideObject(
        requireText("object", input.object),
        input.hidden === undefined ? true : requireFlag("hidden", input.hidden)
      )
  },
  defineObject: {
    summary: 'make a custom object {"object": "Fabric__c", "label": "Fabric"}',
    run: (input) => ({
      object: control.defineObject(
        requireText("object", input.object),
        input.label === undefined ? undefined : requireText("label", input.label)
      )
    })
  },
  dropObject: {
    summary: 'delete a custom object with its records {"object": "Fabric__c"}',
    run: (input) => control.dropObject(requireText("object", input.object))
  },
  relabelObject: {
    summary: 'give an object another label {"object": "Loom__c", "label": "Power loom"}',
    run: (input) => control.relabelObject(requireText("object", input.object), requireText("label", input.label))
  },
  defineField: {
    summary: 'give an object a custom field {"object": "Contact", "field": "Cape__c", "type": "string"}',
    run: (input) =>
      control.defineField(
        requireText("object", input.object),
        requireText("field", input.field),
        requireText("type", input.type)
      )
  },
  replicate: {
    summary: 'whether /deleted and /updated know an object {"object": "Contact", "on": false}',
    run: (input) => control.replicate(requireText("object", input.object), requireFlag("on", input.on))
  },
  expireCursors: {
    summary: 'forget query cursors, with {"jobs": true} Bulk jobs too',
    run: (input) => ({
      forgotten: control.expireCursors({ jobs: input.jobs === undefined ? false : requireFlag("jobs", input.jobs) })
    })
  },
  jobs: { read: true, summary: "the Bulk jobs", run: () => ({ jobs: control.jobs() }) },
  moveInstance: {
    summary: 'the instance URL that token answers tell from now on {"url": "https://…"}',
    run: (input) => control.moveInstance(requireText("url", input.url))
  },
  delay: {
    summary: 'changes are seen by queries only after {"millis": 5000}',
    run: (input) => control.delay(requireInteger("millis", input.millis, 0, 86_400_000))
  },
  shuffleKeys: {
    summary: 'write JSON keys in random order {"on": true}',
    run: (input) => control.shuffleKeys(requireFlag("on", input.on))
  },
  requests: { read: true, summary: "the requests so far, without secrets", run: () => ({ requests: requests() }) },
  clearRequests: { summary: "forget the requests so far", run: () => ({ cleared: control.clearRequests() }) }
})
