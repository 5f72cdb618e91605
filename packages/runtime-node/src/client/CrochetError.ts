/** What a failed call says; see `docs/errors` of a running server for the codes. */
export interface CrochetErrorDetails {
  /** Stable and dotted: branch on this. */
  readonly code: string
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number
  /** JSON path of the bad input. */
  readonly field?: string | undefined
  readonly reason?: string | undefined
  /** What the caller, or the end user, can do. */
  readonly resolution?: string | undefined
  /** What the connected app said. */
  readonly upstream?: { readonly status?: number; readonly message?: string } | undefined
  readonly docs?: string | undefined
  /** Finds the call in the server's log. */
  readonly executionId?: string | undefined
}

/** A call of the Promise API that was refused or failed. */
export class CrochetError extends Error implements CrochetErrorDetails {
  override readonly name = "CrochetError"
  readonly code: string
  readonly status: number
  readonly field: string | undefined
  readonly reason: string | undefined
  readonly resolution: string | undefined
  readonly upstream: { readonly status?: number; readonly message?: string } | undefined
  readonly docs: string | undefined
  readonly executionId: string | undefined

  constructor(message: string, details: CrochetErrorDetails, options?: ErrorOptions) {
    super(message, options)
    this.code = details.code
    this.status = details.status
    this.field = details.field
    this.reason = details.reason
    this.resolution = details.resolution
    this.upstream = details.upstream
    this.docs = details.docs
    this.executionId = details.executionId
  }
}
