/** Where the made-up people work and live; every company gets all of them. */
export interface Place {
  readonly location: string
  readonly division: string
  readonly country: string
  readonly state: string | null
  readonly nationality: string
  readonly currency: string
  /** How many units of the currency a US dollar is, roughly, for pay that looks right. */
  readonly perDollar: number
  readonly cities: ReadonlyArray<readonly [city: string, postcode: string]>
  readonly streets: ReadonlyArray<string>
  readonly phone: string
  readonly weight: number
  readonly surnames: ReadonlyArray<string>
}

/** Where the company has offices. */
export const places: ReadonlyArray<Place> = [
  {
    location: "Denver, Colorado",
    division: "North America",
    country: "United States",
    state: "Colorado",
    nationality: "American",
    currency: "USD",
    perDollar: 1,
    cities: [
      ["Denver", "80205"],
      ["Boulder", "80301"],
      ["Aurora", "80012"],
      ["Lakewood", "80226"]
    ],
    streets: ["Larimer St", "Juniper Ave", "Canyon Rd", "Wazee St", "Prairie Ln"],
    phone: "303-555-",
    weight: 9,
    surnames: ["Reyes", "Whitaker", "Delgado", "Marsh", "Okafor", "Lindgren", "Pruitt", "Castellano", "Beck", "Navarro"]
  },
  {
    location: "Toronto, Canada",
    division: "North America",
    country: "Canada",
    state: "Ontario",
    nationality: "Canadian",
    currency: "CAD",
    perDollar: 1.35,
    cities: [
      ["Toronto", "M5V 2T6"],
      ["Mississauga", "L5B 3C1"],
      ["Hamilton", "L8P 1A1"]
    ],
    streets: ["Queen St W", "Spadina Ave", "Lakeshore Rd", "Maple Grove"],
    phone: "416-555-",
    weight: 4,
    surnames: ["Tremblay", "MacLeod", "Singh", "Gagnon", "Fraser", "Chu", "Bouchard", "Sinclair"]
  },
  {
    location: "London, UK",
    division: "Europe",
    country: "United Kingdom",
    state: "Greater London",
    nationality: "British",
    currency: "GBP",
    perDollar: 0.78,
    cities: [
      ["London", "E2 8DP"],
      ["London", "SE1 9RT"],
      ["Croydon", "CR0 1LB"]
    ],
    streets: ["Hackney Rd", "Borough High St", "Mill Lane", "Station Rd", "Church Walk"],
    phone: "+44 20 7946 ",
    weight: 5,
    surnames: ["Ashworth", "Patel", "Hughes", "O'Connor", "Bennett", "Akintola", "Fletcher", "Rahman", "Smythe-Jones"]
  },
  {
    location: "Berlin, Germany",
    division: "Europe",
    country: "Germany",
    state: "Berlin",
    nationality: "German",
    currency: "EUR",
    perDollar: 0.92,
    cities: [
      ["Berlin", "10119"],
      ["Berlin", "12043"],
      ["Potsdam", "14467"]
    ],
    streets: ["Torstraße", "Sonnenallee", "Kastanienallee", "Lindenweg"],
    phone: "+49 30 23125 ",
    weight: 4,
    surnames: ["Müller", "Schröder", "Vogel", "Yıldız", "Krüger", "Hoffmann", "Nowak", "Brandt"]
  },
  {
    location: "Sydney, Australia",
    division: "Asia-Pacific",
    country: "Australia",
    state: "New South Wales",
    nationality: "Australian",
    currency: "AUD",
    perDollar: 1.5,
    cities: [
      ["Sydney", "2010"],
      ["Parramatta", "2150"],
      ["Newtown", "2042"]
    ],
    streets: ["Crown St", "King St", "Harbour Pde", "Wattle Cres"],
    phone: "+61 2 5550 ",
    weight: 3,
    surnames: ["Nguyen", "Walsh", "Papadopoulos", "Campbell", "Tran", "Hennessy", "Kaur"]
  },
  {
    location: "Bengaluru, India",
    division: "Asia-Pacific",
    country: "India",
    state: "Karnataka",
    nationality: "Indian",
    currency: "INR",
    perDollar: 28,
    cities: [
      ["Bengaluru", "560001"],
      ["Bengaluru", "560034"],
      ["Mysuru", "570001"]
    ],
    streets: ["MG Road", "Residency Road", "80 Feet Road", "Temple Street"],
    phone: "+91 80 5555 ",
    weight: 4,
    surnames: ["Iyer", "Reddy", "Sharma", "Nair", "Gowda", "Menon", "D'Souza", "Banerjee"]
  }
]

/** Given names with the gender that the record shows. */
export const givenNames = {
  Female: [
    "Amara",
    "Beatriz",
    "Chloé",
    "Divya",
    "Elena",
    "Freya",
    "Grace",
    "Hannah",
    "Ingrid",
    "Jasmine",
    "Katarina",
    "Leila",
    "Maeve",
    "Nadia",
    "Olivia",
    "Priya",
    "Rosa",
    "Saoirse",
    "Tess",
    "Wen"
  ],
  Male: [
    "Adrian",
    "Bruno",
    "Callum",
    "Dmitri",
    "Elias",
    "Finn",
    "Gabriel",
    "Hugo",
    "Ibrahim",
    "Jonas",
    "Kofi",
    "Luca",
    "Marcus",
    "Nikhil",
    "Oscar",
    "Pavel",
    "Rafael",
    "Søren",
    "Tomás",
    "Yusuf"
  ],
  "Non-binary": ["Alex", "Kai", "Morgan", "Quinn", "Robin", "Sasha"]
} as const

/** What people are called by colleagues, by first name. */
export const nicknames: Readonly<Record<string, string>> = {
  Beatriz: "Bea",
  Katarina: "Kat",
  Jasmine: "Jaz",
  Adrian: "Ade",
  Gabriel: "Gabe",
  Marcus: "Marc",
  Nikhil: "Nik",
  Rafael: "Rafa",
  Olivia: "Liv"
}

/** A department: its share of the people and its titles, from the top of the tree down. */
export interface Department {
  readonly name: string
  readonly weight: number
  readonly head: string
  readonly manager: string
  readonly senior: string
  readonly member: ReadonlyArray<string>
  readonly junior: string
  /** Yearly pay of a member in US dollars. */
  readonly pay: number
}

/** The departments of a company. */
export const departments: ReadonlyArray<Department> = [
  {
    name: "Human Resources",
    weight: 2,
    head: "VP of People",
    manager: "HR Manager",
    senior: "Sr. HR Administrator",
    member: ["HR Administrator", "Recruiter", "Benefits Administrator"],
    junior: "Associate HR Administrator",
    pay: 62_000
  },
  {
    name: "Engineering",
    weight: 9,
    head: "VP of Engineering",
    manager: "Engineering Manager",
    senior: "Sr. Software Engineer",
    member: ["Software Engineer", "QA Engineer", "Site Reliability Engineer"],
    junior: "Associate Software Engineer",
    pay: 112_000
  },
  {
    name: "Product",
    weight: 3,
    head: "VP of Product",
    manager: "Group Product Manager",
    senior: "Sr. Product Manager",
    member: ["Product Manager", "Product Designer"],
    junior: "Associate Product Manager",
    pay: 105_000
  },
  {
    name: "Sales",
    weight: 6,
    head: "VP of Sales",
    manager: "Sales Manager",
    senior: "Sr. Account Executive",
    member: ["Account Executive", "Sales Engineer"],
    junior: "Sales Development Representative",
    pay: 71_000
  },
  {
    name: "Marketing",
    weight: 3,
    head: "VP of Marketing",
    manager: "Marketing Manager",
    senior: "Sr. Content Strategist",
    member: ["Content Strategist", "Graphic Designer", "SEO Specialist"],
    junior: "Marketing Coordinator",
    pay: 66_000
  },
  {
    name: "Customer Success",
    weight: 5,
    head: "VP of Customer Success",
    manager: "Customer Success Manager",
    senior: "Sr. Support Specialist",
    member: ["Support Specialist", "Implementation Consultant"],
    junior: "Support Associate",
    pay: 54_000
  },
  {
    name: "Finance",
    weight: 2,
    head: "Chief Financial Officer",
    manager: "Finance Manager",
    senior: "Sr. Accountant",
    member: ["Accountant", "Payroll Specialist", "Financial Analyst"],
    junior: "Accounting Clerk",
    pay: 68_000
  },
  {
    name: "Operations",
    weight: 3,
    head: "VP of Operations",
    manager: "Operations Manager",
    senior: "Sr. Operations Analyst",
    member: ["Operations Analyst", "Office Coordinator"],
    junior: "Operations Assistant",
    pay: 57_000
  },
  {
    name: "IT",
    weight: 2,
    head: "Director of IT",
    manager: "IT Manager",
    senior: "Sr. Systems Administrator",
    member: ["Systems Administrator", "IT Security Engineer"],
    junior: "Help Desk Technician",
    pay: 78_000
  }
]
