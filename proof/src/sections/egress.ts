import { blockedVectors, controlVectors, holds, runEgressVectors, type VectorResult } from "@crochet/simulators/network"
import { atLeast, exactly, type Report, type Section } from "../Section.ts"
import { ask, askable, deliver, described } from "../world/EgressDrivers.ts"

const run = async (): Promise<Report> => {
  const delivered = await runEgressVectors(blockedVectors, deliver)
  const asked = await runEgressVectors(askable, ask)
  const control = [
    ...(await runEgressVectors(controlVectors, deliver)),
    ...(await runEgressVectors(controlVectors, ask))
  ]
  const all = [...delivered, ...asked]
  const broken = [...all, ...control].filter((result) => !holds(result))
  const sum = (of: (result: VectorResult) => number) => all.reduce((total, result) => total + of(result), 0)
  return {
    lines: [
      atLeast("vectors", blockedVectors.length, 300),
      exactly("deliveries blocked", delivered.filter(holds).length, delivered.length),
      exactly("connectors' requests blocked", asked.filter(holds).length, asked.length),
      exactly(
        "bytes sent",
        sum(({ bytes }) => bytes),
        0
      ),
      exactly(
        "connections made",
        sum(({ connections }) => connections),
        0
      ),
      exactly("control group that arrived", control.filter(holds).length, control.length)
    ],
    details: broken.map(described),
    raw: all.map(({ bytes, connections, outcome, vector }) => ({ url: vector.url, bytes, connections, outcome }))
  }
}

/** F-80, M12. */
export const section: Section = {
  name: "egress",
  shows: "every address that leads inside, over real sockets and name servers that lie: blocked with 0 bytes sent",
  run
}
