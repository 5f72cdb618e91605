/** Pay in the company's own words: an amount with its currency, `65000.00 USD`. */
export interface PlaygroundPay {
  readonly id: string
  readonly kind: "Salary" | "Bonus" | "Options"
  readonly amount: string
  readonly since: string
}

/** A job that a person has or had. Dates are calendar dates. */
export interface PlaygroundJob {
  readonly id: string
  readonly title: string
  readonly from: string
  readonly to: string
  readonly pay: string
  readonly why: string
}

/** A wish for time off. */
export interface PlaygroundLeave {
  readonly id: string
  readonly kind: "Holiday" | "Sick leave" | "Moving house"
  readonly from: string
  readonly to: string
  readonly days: number
  readonly asked: string
  readonly status: "Requested" | "Approved" | "Declined"
  readonly decided: string
  readonly note: string
}

/** A home. */
export interface PlaygroundHome {
  readonly street: string
  readonly city: string
  readonly state: string
  readonly zip: string
  readonly country: string
}

/**
 * A person as the made-up HR system would answer: its own words, empty strings for what is not known, dates without a
 * time. `PlaygroundMapping` turns it into the common models, as a real connector must.
 */
export interface PlaygroundRow {
  readonly id: string
  readonly number: string
  readonly firstName: string
  readonly lastName: string
  readonly calledName: string
  readonly pronouns: string
  readonly gender: string
  readonly maritalStatus: string
  readonly born: string
  readonly email: string
  readonly privateEmail: string
  readonly workPhone: string
  readonly privatePhone: string
  readonly status: "Active" | "On leave" | "Left"
  readonly contract: string
  readonly weeklyHours: number
  readonly hired: string
  readonly left: string
  readonly probationUntil: string
  readonly remote: boolean
  readonly title: string
  readonly level: number
  readonly leads: boolean
  readonly department: { readonly id: string; readonly name: string; readonly costCenter: string }
  readonly manager: { readonly id: string; readonly email: string } | null
  readonly site: {
    readonly id: string
    readonly name: string
    readonly street: string
    readonly city: string
    readonly state: string
    readonly zip: string
    readonly country: string
    readonly timezone: string
    readonly language: string
  }
  readonly home: PlaygroundHome
  readonly children: ReadonlyArray<{
    readonly id: string
    readonly firstName: string
    readonly sex: string
    readonly born: string
  }>
  readonly emergency: { readonly name: string; readonly relation: string; readonly phone: string }
  readonly bank: { readonly id: string; readonly kind: string; readonly number: string; readonly routing: string }
  readonly officialNumber: { readonly kind: string; readonly number: string; readonly issued: string }
  readonly pay: ReadonlyArray<PlaygroundPay>
  readonly currency: string
  readonly jobs: ReadonlyArray<PlaygroundJob>
  readonly leave: ReadonlyArray<PlaygroundLeave>
  readonly holiday: { readonly entitled: number; readonly used: number; readonly asOf: string }
  readonly custom: { readonly [field: string]: string | number | boolean }
  /** Only when it was asked for. */
  readonly ethnicity?: string
  readonly created: string
  readonly updated: string
}
