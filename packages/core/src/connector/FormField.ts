/**
 * One input of a connect form, as data: it can be rendered by any front end and checked by any back end.
 *
 * Used for credentials (an API key) and for per-account settings (a subdomain, sandbox or production).
 */
export interface FormField {
  /** Key of the value in `credentials` or `settings`. */
  readonly key: string
  readonly label: string
  /** What this is and where the end user finds it. */
  readonly help: string
  readonly placeholder?: string
  /** Secret values are sealed at rest and never shown again. */
  readonly secret?: boolean
  readonly required?: boolean
  /** A regular expression that the trimmed value must match, and the sentence to show when it does not. */
  readonly pattern?: { readonly source: string; readonly message: string }
  /** A closed set of values. */
  readonly options?: ReadonlyArray<{ readonly value: string; readonly label: string }>
  readonly default?: string
  /** Where the app documents it. */
  readonly docs?: string
}

/** A form value that cannot be accepted, and why. */
export interface FormIssue {
  readonly field: string
  readonly message: string
}

/**
 * Checks and normalises a form: trims, applies defaults, drops unknown keys.
 *
 * Returns either the values or one issue per bad field; secrets never appear in an issue.
 */
export const check = (
  fields: ReadonlyArray<FormField>,
  values: { readonly [key: string]: unknown }
): { readonly values: { readonly [key: string]: string } } | { readonly issues: ReadonlyArray<FormIssue> } => {
  const accepted: Record<string, string> = {}
  const issues: Array<FormIssue> = []
  for (const field of fields) {
    const given = values[field.key]
    if (given !== undefined && given !== null && typeof given !== "string") {
      issues.push({ field: field.key, message: `${field.label} must be a string.` })
      continue
    }
    const value = (given ?? "").trim() || (field.default ?? "")
    if (value === "") {
      if (field.required !== false)
        issues.push({ field: field.key, message: `${field.label} is required. ${field.help}` })
      continue
    }
    if (field.options !== undefined && !field.options.some((option) => option.value === value)) {
      issues.push({
        field: field.key,
        message: `${field.label} must be one of ${field.options.map((option) => option.value).join(", ")}.`
      })
      continue
    }
    if (field.pattern !== undefined && !new RegExp(field.pattern.source).test(value)) {
      issues.push({ field: field.key, message: `${field.label}: ${field.pattern.message}` })
      continue
    }
    accepted[field.key] = value
  }
  return issues.length > 0 ? { issues } : { values: accepted }
}
