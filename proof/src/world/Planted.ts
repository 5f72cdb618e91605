/** What of the planted people the connector sends, by the simulator's names; the rest must be nowhere at all. */
export const planted = (n: number) => ({
  firstName: `Kanarienvogel-Vorname-${n}`,
  middleName: `Kanarek-Mittelname-${n}`,
  lastName: `Žluťoučký-Nachname-${n}`,
  preferredName: `Canari-Rufname-${n}`,
  employeeNumber: `CANARY-NO-${n}`,
  workEmail: `canary.work.${n}@canary.example`,
  homeEmail: `canary.home.${n}@canary.example`,
  workPhone: `+1 555 01${n}0 7771`,
  mobilePhone: `+1 555 01${n}0 7772`,
  homePhone: `+1 555 01${n}0 7773`,
  pronouns: `canary-pronouns-${n}`,
  ethnicity: `canary-ethnicity-${n}`,
  nationality: `canary-nationality-${n}`,
  citizenship: `canary-citizenship-${n}`,
  ssn: `987-65-43${n}1`,
  customNIN1: `canary-nin-${n}`,
  customTaxFileNumber1: `canary-tax-${n}`,
  address1: `${n} Canary Wharf Crescent`,
  address2: `Cage ${n} behind the canaries`,
  city: `Canary City ${n}`,
  state: `Canary State ${n}`,
  zipcode: `CNRY-${n}-ZIP`,
  linkedIn: `https://linkedin.example/in/canary-${n}`,
  customShirtsize: `canary-shirt-${n}`,
  customSecondaryLanguage1: `canary-language-${n}`,
  jobTitle: `Chief Canary Officer ${n}`,
  department: `Canary Department ${n}`,
  division: `Canary Division ${n}`,
  location: `Canary Location ${n}`
})

/** Also as it would look in a header, a URL or JSON that is escaped. */
export const spellings = (text: string) => [
  text,
  Buffer.from(text).toString("base64").replace(/=+$/, ""),
  Buffer.from(text).toString("base64url"),
  Buffer.from(text).toString("hex"),
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1)
]
