/** Codes of the errors that are not OpenAI's. */
export type ErrorBodyParameters = {
  message: string
  /** OpenAI's class: `invalid_request_error`, `rate_limit_error`, `server_error`, … */
  type: string
  code: string
  param?: string | null
  /** What a client needs to do better. */
  details?: Record<string, unknown>
}

/** Returns the body of an error as OpenAI's API forms it. */
export function errorBody({ message, type, code, param = null, details }: ErrorBodyParameters) {
  return { error: { message, type, param, code, ...details } }
}
