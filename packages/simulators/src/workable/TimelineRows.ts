import { type Account, type Activity, type Candidate, hex } from "./Account.ts"
import { memberBrief, stageRow } from "./Rows.ts"

/** An entry of a candidate's history. */
export const activityRow = (account: Account, activity: Activity) => ({
  id: hex(activity.id),
  action: activity.action,
  stage_name: activity.from === null ? null : stageRow(activity.from).name,
  action_stage: activity.from === null ? null : stageRow(activity.from),
  target_stage: activity.to === null ? null : stageRow(activity.to),
  created_at: new Date(activity.at).toISOString(),
  updated_at: new Date(activity.updatedAt).toISOString(),
  ...(activity.score === null ? {} : { rating: { score: activity.score } }),
  ...(activity.memberId === null ? {} : { member: memberBrief(account, activity.memberId) }),
  body: activity.body
})

/**
 * What `/candidates/{id}/offer` answers: without an offer the candidate in short (recorded 2026-07), with one its fields
 * beside that. Their names are from memory.
 */
export const offerAnswer = (account: Account, { firstname, id, lastname }: Candidate) => {
  const offer = account.offers.get(id)
  return {
    ...(offer === undefined
      ? {}
      : { id: hex(offer.id), state: offer.state, created_at: new Date(offer.createdAt).toISOString() }),
    candidate: { id: hex(id), location: null, name: `${firstname} ${lastname}` }
  }
}
