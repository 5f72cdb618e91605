const calendar = /^(\d{4})-(\d{2})-(\d{2})(?:T00:00:00(?:\.0+)?Z?)?$/
const stamp = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)$/

/**
 * A calendar date as models carry it: `"2026-05-01"` becomes `"2026-05-01T00:00:00.000Z"`.
 *
 * Takes ISO 8601 dates, also with midnight UTC attached. Null for absent, empty, `0000-00-00` and dates that do not
 * exist (`2026-02-30`): apps use such for "not set", and a wrong date is worse than none.
 */
export const fromCalendar = (source: string | null | undefined): string | null => {
  if (source === null || source === undefined) return null
  // Nearly all are ten characters, for which the expression would cost more than everything else.
  if (source.length === 10 && source.charCodeAt(4) === hyphen && source.charCodeAt(7) === hyphen) {
    const year = digits(source, 0, 4)
    const month = digits(source, 5, 7)
    const day = digits(source, 8, 10)
    if (year >= 0 && month >= 0 && day >= 0) return midnight(source, year, month, day)
  }
  const [, year, month, day] = calendar.exec(source.trim()) ?? []
  return year === undefined || !exists(Number(year), Number(month), Number(day))
    ? null
    : `${year}-${month}-${day}T00:00:00.000Z`
}

/**
 * Of a date that is written plainly. Days are remembered: what is made by joining two texts is made into one when it is
 * looked at, which costs more than to find the one that is there. 20,000 days are the births of 50 years, and 2 MB.
 */
const midnight = (source: string, year: number, month: number, day: number): string | null => {
  if (!exists(year, month, day)) return null
  const number = (year * 16 + month) * 32 + day
  const known = midnights.get(number)
  if (known !== undefined) return known
  const made = `${source}T00:00:00.000Z`
  if (midnights.size < 20_000) midnights.set(number, made)
  return made
}

const midnights = new Map<number, string>()
const hyphen = "-".charCodeAt(0)

/** The number that the digits stand for; -1 if anything else is there. */
const digits = (source: string, from: number, to: number): number => {
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = source.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return number
}

/**
 * A point in time as models carry it: `"2026-05-01T03:25:37-0400"` becomes `"2026-05-01T07:25:37.000Z"`.
 *
 * Takes ISO 8601 with `Z`, `+00:00`, `+0000` or `+00`, with a `T` or a space, with any number of fractional digits
 * (cut to milliseconds). Null for absent, empty and impossible stamps, and for stamps without an offset: only the
 * connector knows in which zone its app thinks.
 */
export const fromInstant = (source: string | null | undefined): string | null => {
  if (source === null || source === undefined) return null
  // As models carry it already, as what JavaScript writes is.
  if (source.length === 24 && source.charCodeAt(19) === dot && source.charCodeAt(23) === zulu && isPlain(source)) {
    return digits(source, 20, 23) === -1 ? null : source
  }
  // With seconds and an offset of nothing: the text itself is the stamp, and no Date is made of it.
  const utc =
    (source.length === 20 && source.charCodeAt(19) === zulu) || (source.length === 25 && source.endsWith("+00:00"))
  return utc && isPlain(source) ? `${source.slice(0, 19)}.000Z` : general(source)
}

const [dot, zulu, separator, colon] = [46, 90, 84, 58]

/** Whether it begins with a day that exists and a time of day, `2026-05-01T07:25:37`. */
const isPlain = (source: string): boolean => {
  if (source.charCodeAt(4) !== hyphen || source.charCodeAt(7) !== hyphen) return false
  if (source.charCodeAt(10) !== separator) return false
  if (source.charCodeAt(13) !== colon || source.charCodeAt(16) !== colon) return false
  const hour = digits(source, 11, 13)
  const minute = digits(source, 14, 16)
  const second = digits(source, 17, 19)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false
  return exists(digits(source, 0, 4), digits(source, 5, 7), digits(source, 8, 10))
}

const general = (source: string): string | null => {
  const [, date, hour, minute, second = "00", fraction = "", offset] = stamp.exec(source.trim()) ?? []
  if (date === undefined || fromCalendar(date) === null || offset === undefined) return null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const minutes = offsetMinutes(offset)
  if (minutes === null) return null
  const utc = `${date}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`
  return minutes === 0 ? utc : fromMillis(Date.parse(utc) - minutes * 60_000)
}

/** Epoch milliseconds as models carry time; null for absent, not finite, and outside the years 1 to 9999. */
export const fromMillis = (millis: number | null | undefined): string | null => {
  if (millis === null || millis === undefined || !(millis >= earliest && millis <= latest)) return null
  return new Date(millis).toISOString()
}

const earliest = Date.parse("0001-01-01T00:00:00.000Z")
const latest = Date.parse("9999-12-31T23:59:59.999Z")

const offsetMinutes = (offset: string): number | null => {
  const [, sign, hours, minutes = "00"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? []
  if (sign === undefined) return 0
  if (Number(hours) > 23 || Number(minutes) > 59) return null
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const exists = (year: number, month: number, day: number): boolean => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return year >= 1 && day >= 1 && day <= (month === 2 && leap ? 29 : (lengths[month - 1] ?? 0))
}
