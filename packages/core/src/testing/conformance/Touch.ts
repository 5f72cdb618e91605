import { isAbsent, type Population, type RunningApp } from "./Sandbox.ts"

/** The app, telling of everything that is done to it past its API, before it is done. */
export const watched = (app: RunningApp, touched: () => void): RunningApp => {
  const told =
    <Arguments extends ReadonlyArray<unknown>, A>(act: (...given: Arguments) => A) =>
    (...given: Arguments): A => {
      touched()
      return act(...given)
    }
  const each = <A extends object>(part: A): A =>
    isAbsent(part)
      ? part
      : (Object.fromEntries(
          Object.entries(part).map(([name, act]) => [
            name,
            typeof act === "function" && name !== "list" && name !== "signIn" ? told(act) : act
          ])
        ) as A)
  const { fault, oauth, populations, shuffle, ...rest } = app
  return {
    ...rest,
    fault: isAbsent(fault) ? fault : told(fault),
    oauth: each(oauth),
    populations: Object.fromEntries(
      Object.entries(populations).map(([id, population]) => [id, each<Population | typeof population>(population)])
    ),
    ...(shuffle === undefined ? {} : { shuffle: told(shuffle) }),
    close: () => app.close()
  }
}
