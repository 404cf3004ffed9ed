/** Characters of a secret that are shown by upstreams that mask it: with fewer it is no secret of theirs. */
const prefixLength = 6

/** Returns a text without a secret, be it whole, encoded for a URL, or masked behind its first characters. */
export function redact(text: string, secret: string | undefined): string {
  if (secret === undefined || secret.length === 0) return text
  const whole = text
    .replaceAll(secret, '[redacted]')
    .replaceAll(encodeURIComponent(secret), '[redacted]')
  if (secret.length < 2 * prefixLength) return whole
  const prefix = secret.slice(0, prefixLength).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return whole.replace(new RegExp(`${prefix}[^\\s"'<>]*`, 'g'), '[redacted]')
}
