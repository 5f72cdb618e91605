/** What the made-up people are called. None of it comes from real records. */
export const givenNames = {
  Female: ["Ada", "Amara", "Beatriz", "Chloe", "Daniela", "Elif", "Freya", "Grace", "Hana", "Ingrid", "Julia", "Kavya"],
  Male: ["Adam", "Bruno", "Caleb", "Diego", "Emil", "Farid", "Goran", "Hugo", "Ivan", "Jonas", "Karim", "Leon"],
  "Non-binary": ["Alex", "Ariel", "Charlie", "Kim", "Noor", "Quinn", "Robin", "Sam", "Sasha", "Yuki", "Zion", "Remy"]
} as const

/** Family names: of weavers and their neighbours. */
export const familyNames = [
  "Weaver",
  "Dyer",
  "Fuller",
  "Carder",
  "Spinner",
  "Draper",
  "Mercer",
  "Tailor",
  "Webster",
  "Hosier",
  "Lacey",
  "Walker",
  "Okafor",
  "Silva",
  "Novak",
  "Haddad",
  "Kaya",
  "Ito",
  "Rossi",
  "Larsen",
  "Mehta",
  "Nair",
  "Moreau",
  "Vega",
  "Schmidt",
  "Becker",
  "Iyer",
  "Costa",
  "Duarte",
  "Eriksen",
  "Farkas",
  "Greco",
  "Huber",
  "Ivanov",
  "Jansen",
  "Kowalski",
  "Laine",
  "Marin",
  "Nowak",
  "Olsen",
  "Petrov",
  "Quist"
] as const

/** Departments, each with its ladder of titles and its cost centre. */
export const departments = [
  { id: "10", name: "Engineering", costCenter: "4100", ladder: ["Engineer", "Senior Engineer", "Staff Engineer"] },
  { id: "20", name: "Design", costCenter: "4200", ladder: ["Designer", "Senior Designer", "Lead Designer"] },
  {
    id: "30",
    name: "Sales",
    costCenter: "5100",
    ladder: ["Sales Associate", "Account Executive", "Key Account Executive"]
  },
  { id: "40", name: "Support", costCenter: "5200", ladder: ["Support Agent", "Support Specialist", "Support Expert"] },
  { id: "50", name: "Finance", costCenter: "6100", ladder: ["Accountant", "Senior Accountant", "Controller"] },
  { id: "60", name: "People", costCenter: "6200", ladder: ["People Partner", "Senior People Partner", "People Lead"] },
  { id: "70", name: "Operations", costCenter: "7100", ladder: ["Operator", "Senior Operator", "Operations Lead"] }
] as const

/** Where the company has offices, and what people there have: currency, pay for a first job, official number. */
export const sites = [
  {
    id: "1",
    country: "United States",
    city: "Portland",
    state: "Oregon",
    zip: "97201",
    street: "Fiber Avenue",
    currency: "USD",
    base: 62_000,
    timezone: "America/Los_Angeles",
    language: "en-US",
    dial: "+1 503 555 01",
    identification: "SSN",
    account: "Checking"
  },
  {
    id: "2",
    country: "United Kingdom",
    city: "Leeds",
    state: "West Yorkshire",
    zip: "LS1 4AP",
    street: "Loom Street",
    currency: "GBP",
    base: 38_000,
    timezone: "Europe/London",
    language: "en-GB",
    dial: "+44 113 496 00",
    identification: "NIN",
    account: "Current"
  },
  {
    id: "3",
    country: "Germany",
    city: "Chemnitz",
    state: "Sachsen",
    zip: "09111",
    street: "Webergasse",
    currency: "EUR",
    base: 48_000,
    timezone: "Europe/Berlin",
    language: "de-DE",
    dial: "+49 30 23125 0",
    identification: "TAX_ID",
    account: "Current"
  },
  {
    id: "4",
    country: "India",
    city: "Surat",
    state: "Gujarat",
    zip: "395003",
    street: "Ring Road",
    currency: "INR",
    base: 900_000,
    timezone: "Asia/Kolkata",
    language: "en-IN",
    dial: "+91 261 000 00",
    identification: "PAN",
    account: "Savings"
  }
] as const

/** A place with an office. */
export type Site = (typeof sites)[number]

/** The made-up company. `.example` is reserved for such (RFC 2606). */
export const company = { id: "1", legalName: "Loomworks Ltd", name: "Loomworks", domain: "loomworks.example" } as const
