import { BusyError } from './errors.ts'

/** Bytes that are held for all requests together. */
export type ByteBudget = {
  /** Begins an account; what it took comes back when it is closed. */
  open: () => ByteAccount
}

export type ByteAccount = {
  /** Throws `BusyError` where too much is held already. */
  take: (bytes: number) => void
  close: () => void
}

/** Creates a budget, so that many large requests at once are refused before they fill the memory. */
export function createByteBudget(maxBytes: number): ByteBudget {
  let held = 0
  return {
    open() {
      let own = 0
      return {
        take(bytes) {
          if (held + bytes > maxBytes) throw new BusyError({ retryAfterMs: 1_000 })
          held += bytes
          own += bytes
        },
        close() {
          held -= own
          own = 0
        },
      }
    },
  }
}
