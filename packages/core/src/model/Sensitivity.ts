/**
 * How much harm the disclosure of a field would do.
 *
 * `none` < `personal` (names, contact, birth date) < `financial` (pay, bank accounts) < `special` (ethnicity, gender
 * identity, health, union: GDPR article 9) < `government_id`. Field scopes, log redaction and masking read this tag.
 */
export type Sensitivity = "none" | "personal" | "financial" | "special" | "government_id"

/** The key under which a schema's annotations carry its `Sensitivity`. */
export const annotationKey = "crochet/sensitivity"
