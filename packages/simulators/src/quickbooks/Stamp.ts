const format = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit"
})

const two = (value: number) => String(value).padStart(2, "0")

/** The app writes stamps in the company's local time, so that the offset changes with daylight saving. */
export const stamp = (millis: number, withMillis = false): string => {
  const parts = Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, value]))
  const local = `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`
  const minutes = Math.round((Date.parse(`${local}Z`) - Math.floor(millis / 1000) * 1000) / 60_000)
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
  return `${local}${withMillis ? `.${String(millis % 1000).padStart(3, "0")}` : ""}${offset}`
}

/** A calendar date in UTC, `YYYY-MM-DD`. */
export const day = (millis: number): string => new Date(millis).toISOString().slice(0, 10)
