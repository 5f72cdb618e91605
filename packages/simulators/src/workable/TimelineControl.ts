import { InvalidInput, requireOneOf, requireText } from "../server/InvalidInput.ts"
import { type Account, type Activity, hex, scores } from "./Account.ts"
import type { AccountControl } from "./AccountControl.ts"
import type { ActivitySummary, OfferSummary } from "./Control.ts"

/** The timelines' part of the control interface. Whatever is written into one moves the candidate's `updated_at`. */
export class TimelineControl {
  readonly #account: Account
  readonly #accounts: AccountControl

  constructor(account: Account, accounts: AccountControl) {
    this.#account = account
    this.#accounts = accounts
  }

  #find(id: unknown): { readonly timeline: Array<Activity>; readonly activity: Activity } {
    const wanted = typeof id === "string" ? Number.parseInt(id, 16) : Number.NaN
    for (const timeline of this.#account.timelines.values()) {
      const activity = timeline.find((one) => one.id === wanted)
      if (activity !== undefined) return { timeline, activity }
    }
    throw new InvalidInput("id", `no activity ${JSON.stringify(id) ?? "without id"}`)
  }

  #touch(candidateId: number): void {
    const candidate = this.#account.candidates.get(candidateId)
    if (candidate !== undefined) candidate.updatedAt = this.#account.now()
  }

  summary({ action, body, candidateId, id }: Activity): ActivitySummary {
    return { id: hex(id), candidateId: hex(candidateId), action, body }
  }

  list(): ReadonlyArray<ActivitySummary> {
    return [...this.#account.timelines.values()].flat().map((one) => this.summary(one))
  }

  comment(candidateId: unknown, body: unknown): ActivitySummary {
    const { id } = this.#accounts.candidate("candidateId", candidateId)
    const memberId = this.#account.members.keys().next().value ?? null
    const activity = this.#account.log(id, "comment", { memberId, body: requireText("body", body) })
    this.#touch(id)
    return this.summary(activity)
  }

  rate(candidateId: unknown, score: unknown, body: unknown): ActivitySummary {
    const { id } = this.#accounts.candidate("candidateId", candidateId)
    const memberId = this.#account.members.keys().next().value ?? null
    const activity = this.#account.log(id, "rating", {
      memberId,
      score: requireOneOf("score", score, scores),
      body: body === undefined ? null : requireText("body", body)
    })
    this.#touch(id)
    return this.summary(activity)
  }

  change(id: unknown, body: unknown): ActivitySummary {
    const { activity } = this.#find(id)
    activity.body = requireText("body", body)
    activity.updatedAt = this.#account.now()
    this.#touch(activity.candidateId)
    return this.summary(activity)
  }

  remove(id: unknown): { readonly id: string; readonly deleted: true } {
    const { activity, timeline } = this.#find(id)
    timeline.splice(timeline.indexOf(activity), 1)
    this.#touch(activity.candidateId)
    return { id: hex(activity.id), deleted: true }
  }

  offer(candidateId: unknown, state: unknown): OfferSummary {
    const { id } = this.#accounts.candidate("candidateId", candidateId)
    const word = requireText("state", state)
    const before = this.#account.offers.get(id)
    const offer = before ?? { id: this.#account.nextId(), createdAt: this.#account.now(), state: word }
    offer.state = word
    this.#account.offers.set(id, offer)
    this.#touch(id)
    return { id: hex(offer.id), candidateId: hex(id), state: word }
  }
}
