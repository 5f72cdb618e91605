import type { AuthScheme, FormField } from "@crochet/core"

/** What the playground plays. */
export interface Settings {
  readonly seed: string
  readonly employees: number
  readonly changesPerHour: number
}

/** The form of an account. Everything has a default, so it can be connected with one click. */
export const fields: ReadonlyArray<FormField.FormField> = [
  {
    key: "employees",
    label: "Employees",
    help: "How many people the made-up company employs at any time, from 1 to 1,000,000.",
    placeholder: "200",
    default: "200",
    required: false,
    pattern: { source: "^(?:[1-9]\\d{0,5}|1000000)$", message: "write a whole number from 1 to 1000000." }
  },
  {
    key: "changesPerHour",
    label: "Changes per hour",
    help: "How much happens: hires, promotions, raises, moves, terminations. 0 stands still, 3600 is one each second.",
    placeholder: "12",
    default: "12",
    required: false,
    pattern: {
      source: "^(?:0|[1-9]\\d{0,2}|[1-2]\\d{3}|3[0-5]\\d{2}|3600)$",
      message: "write a whole number from 0 to 3600."
    }
  },
  {
    key: "seed",
    label: "Seed",
    help: "Any word. The same word gives the same company with the same history; another one gives another company.",
    placeholder: "loom",
    default: "loom",
    required: false,
    pattern: { source: "^[A-Za-z0-9_-]{1,64}$", message: "use up to 64 letters, digits, hyphens and underscores." }
  }
]

/** The settings of an account, defaults filled in, or the first field that is wrong and why. */
export const parse = (
  values: AuthScheme.Values
): { readonly settings: Settings } | { readonly field: string; readonly message: string } => {
  const given: Record<string, string> = {}
  for (const { default: fallback = "", key, label, pattern } of fields) {
    const value = values[key]?.trim() || fallback
    if (pattern !== undefined && !new RegExp(pattern.source).test(value)) {
      return { field: key, message: `${label}: ${pattern.message}` }
    }
    given[key] = value
  }
  return {
    settings: {
      seed: given.seed ?? "",
      employees: Number(given.employees),
      changesPerHour: Number(given.changesPerHour)
    }
  }
}

/** Names the company: two accounts with the same key show the same people. */
export const key = (settings: Settings): string => `${settings.employees}:${settings.changesPerHour}:${settings.seed}`
