/** Returns the base of an OpenAI-compatible API: with `/v1`, and no slash at the end. */
export function baseUrlOf(url: string): string {
  const trimmed = url.replace(/\/+$/, '')
  return /\/v\d+(\w*)$/.test(trimmed) ? trimmed : `${trimmed}/v1`
}
