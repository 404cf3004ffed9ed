import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assemble, completeGatewayConfig, type GatewayEvent, listen } from '@assay/gateway'

export type StartGatewayParameters = {
  /** What the configuration says besides `dataDir` and a free port. */
  config: Record<string, unknown>
  environment?: Record<string, string>
  /** Folder of the journal; one that is removed at the end by default. */
  dataDir?: string
  observe?: (event: GatewayEvent) => void
}

/** Starts a gateway in this process, on a real port, and notes what it tells. */
export async function startGateway(parameters: StartGatewayParameters) {
  const { environment = {}, observe } = parameters
  const dataDir = parameters.dataDir ?? mkdtempSync(join(tmpdir(), 'assay-gateway-'))
  const config = completeGatewayConfig({ dataDir, ...parameters.config }, dataDir, environment)
  const events: GatewayEvent[] = []
  const errors: unknown[] = []
  const { app, catalog, journal, purse, close } = assemble({
    config,
    observe(event) {
      events.push(event)
      observe?.(event)
    },
    reportError: (error) => errors.push(error),
  })
  await catalog.refresh()
  const served = await listen(app, { ...config.http, port: 0 })
  return {
    ...{ app, catalog, journal, purse, events, errors },
    url: served.url,
    baseUrl: `${served.url}/v1`,
    /** Kinds of events of one kind, in order. */
    of: <kind extends GatewayEvent['kind']>(kind: kind) =>
      events.filter((event): event is Extract<GatewayEvent, { kind: kind }> => event.kind === kind),
    async close() {
      await served.close(0)
      await close()
      journal.close()
      if (parameters.dataDir === undefined) rmSync(dataDir, { recursive: true })
    },
  }
}

export type StartedGateway = Awaited<ReturnType<typeof startGateway>>
