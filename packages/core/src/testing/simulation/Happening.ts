import * as Operator from "./Operator.ts"
import type { AppStep, Incident } from "./Incident.ts"
import type { SimulatedApp } from "./SimulatedApp.ts"
import type { World } from "./World.ts"

/** Lets an incident happen. */
export const happen = (world: World, desk: Operator.Desk, incident: Incident): void => {
  const { faults, machines, organisations, time } = world
  const { at: _, do: what, ...rest } = incident
  world.incident(`${what} ${JSON.stringify(rest)}`)
  switch (incident.do) {
    case "receiver": {
      const place = organisations.flatMap(({ places }) => places)[incident.destination]!
      return world.receivers.misbehave(place.id, incident.behaviour, time.now + incident.for)
    }
    case "crash":
      faults.crash = { calls: incident.calls, when: incident.when, back: incident.back }
      return
    case "restart": {
      const machine = machines.find(({ ready }) => ready)
      if (machine === undefined) return
      return stop(world, machine, () => time.after(incident.back, () => world.machines.length > 0 || world.boot()))
    }
    case "second": {
      const second = world.boot()
      time.after(incident.for, () => {
        if (!second.process.alive) return
        if (incident.graceful && second.ready) stop(world, second, () => world.machines.length > 0 || world.boot())
        else world.crash(second.process, 0)
      })
      return
    }
    case "freeze": {
      const machine = machines.find(({ ready }) => ready)
      if (machine === undefined) return
      machine.process.pause()
      time.after(incident.for, () => {
        if (machine.process.alive) world.resume(machine.process)
      })
      return
    }
    case "skew": {
      const machine = machines.find(({ ready }) => ready)
      if (machine !== undefined) machine.process.skew = incident.by
      return
    }
    case "outage":
      faults.outageUntil = time.now + incident.for
      return
    case "refuse":
      faults.refuseIn = incident.calls
      return
    case "echo":
      faults.echoIn = incident.calls
      return
    case "latency":
      faults.latencyUntil = time.now + incident.for
      faults.mostLatency = incident.most
      return
    case "page":
      world.pageFaults.push({ org: incident.org, pages: incident.pages, fault: incident.fault })
      return
    case "app":
      return change(organisations[incident.org]!.app, incident.step, incident.who)
    case "operator": {
      const machine = machines.find(({ ready }) => ready)
      if (machine === undefined) return
      const call = Operator.act(desk, organisations[incident.org]!, incident.act, incident.which)
      return machine.run(call, (result) => world.trace.add(`operator: ${incident.act}`, result))
    }
  }
}

/** A graceful stop; the process is gone when it is through. */
const stop = (world: World, machine: World["machines"][number], then: () => void): void => {
  machine.stop(() => {
    world.incident(`${machine.process.name} has stopped`)
    machine.process.kill()
    world.machines = world.machines.filter((other) => other !== machine)
    then()
  })
}

const change = (app: SimulatedApp, step: AppStep, who: number): void => {
  switch (step) {
    case "hire":
      return app.hire()
    case "change":
      return app.edit(who, (person) => void (person.name += "!"))
    case "rename":
      return app.edit(who, (person) => void (person.email = `x${person.email}`))
    case "fire":
      return app.edit(who, (person) => void (person.active = false))
    case "rehire":
      return app.edit(who, (person) => void (person.active = true))
    case "delete":
      return app.remove(who)
    case "add":
      return app.add(who)
    case "vanish":
      return [...app.people.keys()].forEach((id, at) => at % 3 !== 0 && app.hide(id))
    case "empty":
      return [...app.people.keys()].forEach((id) => app.hide(id))
    case "reappear":
      return app.hidden.clear()
  }
}
