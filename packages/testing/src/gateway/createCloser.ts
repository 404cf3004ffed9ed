type Closable = { close: () => Promise<void> }

/** Creates what closes everything that a test opened, the newest first. */
export function createCloser() {
  const opened: Closable[] = []
  return {
    /** Notes what is to be closed, once it is open. */
    async track<closable extends Closable>(given: Promise<closable>): Promise<closable> {
      const closable = await given
      opened.push(closable)
      return closable
    },
    async closeAll() {
      for (const closable of opened.splice(0).toReversed()) await closable.close()
    },
  }
}
