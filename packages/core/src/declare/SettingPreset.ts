import type { FormField } from "../connector/FormField.ts"

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&")

/**
 * The setting `subdomain`: the `acme` of `https://acme.{host}`, which end users may also paste as the whole address.
 * Use it in URLs as `https://{subdomain}.{host}`; nothing but a subdomain of that host passes.
 */
export const subdomain = (
  host: string,
  options: { readonly label?: string; readonly help?: string; readonly docs?: string } = {}
): FormField => ({
  key: "subdomain",
  label: options.label ?? "Subdomain",
  help:
    options.help ?? `The first part of your address: for https://acme.${host} it is acme. The whole address works too.`,
  placeholder: "acme",
  pattern: {
    source: `^(?:https?://)?[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.${escaped(host)}(?:[/?#].*)?)?$`,
    message: `give the name before .${host}, for example acme, or the address https://acme.${host}`
  },
  ...(options.docs === undefined ? {} : { docs: options.docs })
})
