import { findPort, serveProvider } from '@assay/testing'

import { type Indexer, type StartIndexerParameters, startIndexer } from '../../../indexer/run.ts'
import { provider, type World } from './deployWorld.ts'

export type WorldIndexer = Indexer & { rpcUrl: string }

/** Serves the test's chain over HTTP and starts an indexer that follows it; stops both at the end. */
export async function startWorldIndexer(
  { deployment }: World,
  options: Partial<StartIndexerParameters> = {},
): Promise<WorldIndexer> {
  const server = await serveProvider(provider)
  const port = await findPort()
  try {
    const indexer = await startIndexer({ deployment, rpcUrl: server.url, port, ...options })
    return {
      ...indexer,
      rpcUrl: server.url,
      async stop() {
        await indexer.stop()
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
