import { BaseError } from '@assay/protocol'

export class IndexerPortBusyError extends BaseError {
  override name = 'IndexerPortBusyError'

  constructor({ port, hostname }: { port: number; hostname: string }) {
    super(`Something else listens on ${hostname}:${port}.`, {
      metaMessages: ['Stop it, or give the indexer another port.'],
    })
  }
}

export class IndexerEndedError extends BaseError {
  override name = 'IndexerEndedError'

  constructor({ code, lines }: { code: number | string | null; lines: readonly string[] }) {
    super(`The indexer ended (${code}).`, { metaMessages: lines })
  }
}

export class IndexerTimeoutError extends BaseError {
  override name = 'IndexerTimeoutError'

  constructor({ waitedFor, timeoutMs }: { waitedFor: string; timeoutMs: number }) {
    super(`The indexer did not reach ${waitedFor} within ${timeoutMs} ms.`)
  }
}
