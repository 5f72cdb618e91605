const date = "2026-05-01T00:00:00.000Z"
const stamp = "2026-05-01T07:25:37.000Z"
const address = {
  addressLine1: "1 Loom Street",
  addressLine2: "Floor 2",
  city: "Leeds",
  state: "West Yorkshire",
  country: "GB",
  zipCode: "LS1 4AP"
} as const
const addressRest = { id: "a1", name: "Head office", raw: "1 Loom Street, Leeds", subdivisionCode: "GB-LDS" } as const

/** A record with a value in every field, by data type. */
export const fullRecords = {
  hris_companies: {
    info: {
      id: "c1",
      legalName: "Loom Limited",
      displayName: "Loom",
      registrationNumbers: [{ type: "COMPANY_NUMBER", number: "00000001", country: "GB" }],
      entityType: "Ltd",
      country: "GB",
      currency: "GBP",
      addresses: [{ ...address, addressType: "PRIMARY", ...addressRest }],
      phones: [{ type: "WORK", phoneNumber: "+441134960000", extension: "1", isPrimary: "TRUE" }],
      parentId: "c0"
    }
  },
  hris_groups: {
    info: {
      id: "g1",
      name: "Weaving",
      code: "WV",
      type: "DEPARTMENT",
      parentId: "g0",
      managerId: "42",
      isActive: "TRUE"
    },
    rawValues: { type: "Dept" }
  },
  hris_locations: {
    info: {
      id: "l1",
      name: "Leeds",
      type: "OFFICE",
      address: { ...address, addressType: "WORK", ...addressRest },
      timezone: "Europe/London",
      isActive: "TRUE"
    },
    rawValues: { type: "Mill" }
  },
  payroll_runs: {
    info: {
      id: "r1",
      status: "PAID",
      type: "REGULAR",
      periodStart: date,
      periodEnd: date,
      payDate: date,
      payGroupIds: ["p1"],
      currency: "GBP",
      totals: { gross: 65000.5, net: 41000.25, employerTaxes: 5000, employeeTaxes: 12000, employerCost: 70000.5 }
    },
    rawValues: { status: "paid out", type: "monthly" }
  },
  payroll_statements: {
    info: {
      id: "s1",
      runId: "r1",
      employeeId: "42",
      grossPay: 5416.71,
      netPay: 3400.1,
      currency: "GBP",
      totalHours: 160,
      paymentMethod: "DIRECT_DEPOSIT"
    },
    earnings: [{ name: "Basic pay", type: "SALARY", amount: 5416.71, hours: 160 }],
    deductions: [
      { name: "Pension", benefitType: "PENSION", employeeAmount: 200.1, employerAmount: 120, preTax: "TRUE" }
    ],
    taxes: [{ name: "Income tax", type: "FEDERAL", amount: 1000.5, employer: "FALSE" }],
    rawValues: { paymentMethod: "BACS" }
  },
  hris_attendance: {
    info: {
      id: "a1",
      employeeId: "42",
      date,
      status: "PRESENT",
      shiftStart: stamp,
      shiftEnd: stamp,
      firstIn: stamp,
      lastOut: stamp,
      totalHours: 8.5,
      breakHours: 0.5,
      effectiveHours: 8
    },
    rawValues: { status: "here" }
  },
  hris_timesheets: {
    info: {
      id: "t1",
      employeeId: "42",
      start: stamp,
      end: stamp,
      hours: 7.5,
      projectId: "p1",
      note: "fixed the loom",
      status: "APPROVED"
    },
    rawValues: { status: "ok" }
  },
  hris_documents: {
    info: {
      id: "d1",
      employeeId: "42",
      category: "Contracts",
      fileName: "contract.pdf",
      contentType: "application/pdf",
      createdAt: stamp,
      url: "https://files.example/d1"
    }
  }
} as const
