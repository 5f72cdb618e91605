import type { Command, Started } from "./Command.ts"

/** What a started simulator says: where it is, how to point Crochet at it, what to try. */
export const welcome = ({ id }: Command, started: Started): string => {
  const { account, control, environment = [], look, title, url } = started
  const facts = [["address", url] as const, ...account]
  const width = Math.max(...facts.map(([name]) => name.length)) + 2
  const settings = [
    [`CROCHET_BASE_URL_${id.toUpperCase().replaceAll("-", "_")}`, url] as const,
    ...environment,
    ["CROCHET_EGRESS_ALLOW", "127.0.0.0/8"] as const
  ]
  const commands = control.map(([path, body]) => {
    const address = path.includes("?") ? `'${url}/_control/${path}'` : `${url}/_control/${path}`
    return body === undefined ? `  curl ${address}` : `  curl ${address} -d '${body}'`
  })
  return `${title}

${facts.map(([name, value]) => `  ${name.padEnd(width)}${value}`).join("\n")}

Point Crochet at it:
${settings.map(([name, value]) => `  ${name}=${value}`).join("\n")}

Try it:
  curl ${look}

Change things while it runs (all commands: curl ${url}/_control):
${commands.join("\n")}

Ctrl-C ends it; nothing is kept.
`
}
