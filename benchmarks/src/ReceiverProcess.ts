import { fork } from "node:child_process"

/** Starts the receiver in a process of its own: what it costs must not count as ours. */
export const receiver = async () => {
  const child = fork(new URL("delivery-receiver.ts", import.meta.url), { stdio: "inherit" })
  const answer = <A>() => new Promise<A>((resolve) => child.once("message", (message) => resolve(message as A)))
  const { port } = await answer<{ port: number }>()
  const ask = <A>(what: string) => {
    const answered = answer<A>()
    child.send(what)
    return answered
  }
  return {
    url: `http://127.0.0.1:${port}/hook`,
    reset: () => ask<object>("reset"),
    report: () => ask<{ requests: number; unique: number; last: string }>("report"),
    stop: () => child.send("stop")
  }
}
