/** The bytes of padded base64, or null for anything but the one text that encodes them. */
export const decode = (text: string): Uint8Array<ArrayBuffer> | null => {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    return null
  }
  // `atob` takes spaces, missing padding and stray bits at the end: another text would then pass for the same signature.
  if (btoa(binary) !== text) return null
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** The same for base64url without padding. */
export const decodeUrl = (text: string): Uint8Array<ArrayBuffer> | null =>
  /^[A-Za-z0-9_-]*$/.test(text)
    ? decode(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4))
    : null

/** Padded base64. */
export const encode = (bytes: Uint8Array): string => {
  let binary = ""
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
