const TypeId = "~@crochet/core/connector/Page/End"

/** Why a listing may be believed to be complete. */
export type Evidence =
  /** The app said that there is no next page. */
  | "exhausted"
  /** As many records came as the app said there are. */
  | "counted"
  /** The connector's author vouches for it, with a reason. */
  | "asserted"

/**
 * How the app pages. After keyset or token paging (and whole answers) absence is evidence; after offset or page-number
 * paging, which skip rows when earlier ones vanish meanwhile, it is only a suspicion that must be confirmed.
 */
export type Paging = "keyset" | "token" | "whole" | "offset"

/** One page of raw records. */
export interface Page<Raw = unknown> {
  readonly _tag: "Page"
  readonly records: ReadonlyArray<Raw>
  /** Record ids that the app itself reports as deleted. */
  readonly deleted: ReadonlyArray<string>
  /** JSON from which the page after this one can be asked for after a crash; null when it cannot. */
  readonly checkpoint: unknown
}

/**
 * Proof that a stream of pages is complete. Only the kit's paginators and `ResourceContext.end` mint it: a stream that
 * merely stops has no proof, and never deletes anybody.
 */
export interface End {
  readonly [TypeId]: typeof TypeId
  readonly _tag: "End"
  readonly evidence: Evidence
  readonly paging: Paging
  /** For `fetchChanged`: where the next delta starts. */
  readonly cursor: string | null
  /** The author's reason, for `asserted`. */
  readonly because: string | null
}

/** What `list` and `fetchChanged` stream: pages, then exactly one `End`. */
export type Pages<Raw = unknown> = Page<Raw> | End

/** Makes a page. */
export const page = <Raw>(
  records: ReadonlyArray<Raw>,
  options: { readonly checkpoint?: unknown; readonly deleted?: ReadonlyArray<string> } = {}
): Page<Raw> => ({ _tag: "Page", records, deleted: options.deleted ?? [], checkpoint: options.checkpoint ?? null })

/** @internal Only paginators and the engine call this. */
export const mintEnd = (options: {
  readonly evidence: Evidence
  readonly paging: Paging
  readonly cursor?: string | null
  readonly because?: string
}): End => ({
  [TypeId]: TypeId,
  _tag: "End",
  evidence: options.evidence,
  paging: options.paging,
  cursor: options.cursor ?? null,
  because: options.because ?? null
})

/** Whether the value is an `End` that was minted by the kit, not a look-alike. */
export const isEnd = (value: unknown): value is End => typeof value === "object" && value !== null && TypeId in value
