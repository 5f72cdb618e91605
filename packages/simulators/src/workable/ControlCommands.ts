import { type ArmedFault, readFault } from "../server/Fault.ts"
import { InvalidInput, refuseUnknown, requireFlag, requireInteger, requireText } from "../server/InvalidInput.ts"
import type { LoggedRequest } from "../server/RequestLog.ts"
import type { Command } from "../server/Server.ts"
import type { AccountControl } from "./AccountControl.ts"
import type { WorkableControl } from "./Control.ts"
import type { TimelineControl } from "./TimelineControl.ts"

/** JSON has no infinity: it is written as it is read. */
const shown = (fault: ArmedFault) => ({
  ...fault,
  ...(fault.times === Infinity ? { times: "Infinity" } : {}),
  ...(fault.left === Infinity ? { left: "Infinity" } : {})
})

/** The control interface as commands of `/_control/`. */
export const httpCommands = (
  control: WorkableControl,
  account: AccountControl,
  timelines: TimelineControl,
  requests: () => ReadonlyArray<LoggedRequest>
): Readonly<Record<string, Command>> => {
  const command = (
    summary: string,
    known: ReadonlyArray<string>,
    run: (input: Record<string, unknown>) => unknown
  ): Command => ({
    summary,
    run: (input) => {
      refuseUnknown("", input, known)
      return run(input)
    }
  })
  const reading = (summary: string, run: (input: Record<string, unknown>) => unknown): Command => ({
    read: true,
    summary,
    run
  })
  return {
    add: command(
      'add candidates {"count": 3} or {"candidates": [{"firstname": "Dana"}]}',
      ["count", "candidates"],
      (input) => {
        if (input.candidates !== undefined) {
          if (!Array.isArray(input.candidates)) throw new InvalidInput("candidates", "must be a list of candidates")
          return { added: account.add(input.candidates) }
        }
        return { added: control.add(input.count === undefined ? 1 : requireInteger("count", input.count, 1, 100_000)) }
      }
    ),
    change: command(
      'change a candidate {"id": "2700000a", "fields": {"stage": "interview"}}',
      ["id", "fields"],
      (input) => account.change(input.id, input.fields)
    ),
    remove: command('delete a candidate {"id": "2700000a"}', ["id"], (input) => account.remove(input.id)),
    candidates: reading("list the candidates {offset?, limit?}; GET takes them as query", (input) => ({
      candidates: account.list(input)
    })),
    candidate: reading('one candidate {"id": "2700000a"}', (input) =>
      account.summary(account.candidate("id", input.id))
    ),
    addJob: command('add a job {"fields": {"title": "Weaver"}}', ["fields"], (input) => account.addJob(input.fields)),
    changeJob: command(
      'change a job {"shortcode": "9CD658E13E", "fields": {"state": "closed"}}',
      ["shortcode", "fields"],
      (input) => account.changeJob(input.shortcode, input.fields)
    ),
    removeJob: command('delete a job with its candidates {"shortcode": "…"}', ["shortcode"], (input) =>
      account.removeJob(input.shortcode)
    ),
    jobs: reading("list the jobs", () => ({ jobs: control.jobs() })),
    addEvent: command(
      'meet a candidate {"candidateId": "…", "startsAt": "2026-06-01T10:00:00Z"}',
      ["candidateId", "startsAt"],
      (input) => account.addEvent(input.candidateId, input.startsAt)
    ),
    cancelEvent: command('cancel a meeting {"id": "…"}', ["id"], (input) => account.cancelEvent(input.id)),
    comment: command('comment on a candidate {"candidateId": "…", "body": "Good"}', ["candidateId", "body"], (input) =>
      timelines.comment(input.candidateId, input.body)
    ),
    rate: command(
      'rate a candidate {"candidateId": "…", "score": "positive", "body": "Good"}',
      ["candidateId", "score", "body"],
      (input) => timelines.rate(input.candidateId, input.score, input.body)
    ),
    changeActivity: command('write an entry of a timeline anew {"id": "…", "body": "…"}', ["id", "body"], (input) =>
      timelines.change(input.id, input.body)
    ),
    removeActivity: command('delete an entry of a timeline {"id": "…"}', ["id"], (input) => timelines.remove(input.id)),
    activities: reading("list the entries of all timelines", () => ({ activities: control.activities() })),
    offer: command(
      'make an offer, or give it another state {"candidateId": "…", "state": "sent"}',
      ["candidateId", "state"],
      (input) => timelines.offer(input.candidateId, input.state)
    ),
    addEmployee: command('add an employee {"fields": {"firstname": "Dana"}}', ["fields"], (input) =>
      account.addEmployee(input.fields)
    ),
    changeEmployee: command(
      'change an employee {"id": "…", "fields": {"state": "inactive"}}',
      ["id", "fields"],
      (input) => account.changeEmployee(input.id, input.fields)
    ),
    removeEmployee: command('delete an employee {"id": "…"}', ["id"], (input) => account.removeEmployee(input.id)),
    employees: reading("list the employees", () => ({ employees: control.employees() })),
    count: reading("how many candidates, jobs and employees there are", () => control.count()),
    fault: {
      summary: 'break answers {"kind": "rate-limit", "times": 2, "retryAfter": 1, "match": {"path": "/candidates"}}',
      run: (input) => shown(control.fault(readFault(input)))
    },
    faults: reading("the faults that still wait", () => ({ faults: control.faults().map(shown) })),
    clearFaults: command("forget all faults", [], () => ({ cleared: control.clearFaults() })),
    issueTokens: command("fresh OAuth tokens, as a consent would give", [], () => control.issueTokens()),
    expireTokens: command(
      'end all access tokens, with {"refresh": true} the refresh tokens too',
      ["refresh"],
      (input) => ({
        ended: control.expireTokens({
          refresh: input.refresh === undefined ? false : requireFlag("refresh", input.refresh)
        })
      })
    ),
    revokeKey: command("make the account token invalid", [], () => control.revokeKey()),
    restoreKey: command('make the account token valid again, or another {"key": "…"}', ["key"], (input) =>
      control.restoreKey(input.key === undefined ? undefined : requireText("key", input.key))
    ),
    forbid: command('answer 403 below these paths {"paths": ["/employees"]}', ["paths"], (input) => {
      if (!Array.isArray(input.paths)) throw new InvalidInput("paths", "must be a list of paths")
      control.forbid(input.paths.map((path: unknown) => requireText("paths", path)))
    }),
    shuffleKeys: command('write JSON keys in random order {"on": true}', ["on"], (input) =>
      control.shuffleKeys(requireFlag("on", input.on))
    ),
    requests: reading("the requests so far, without secrets", () => ({ requests: requests() })),
    clearRequests: command("forget the requests so far", [], () => ({ cleared: control.clearRequests() }))
  }
}
