/**
 * A gateway that ends as by `kill -9` at the first event of a kind: `gatewayProcess.ts CONFIG [EVENT]`. Prints where it
 * listens. Tests start it in a process of its own.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache()
const [{ cryptographyOf, loadGatewayConfig, runGateway }, { loadCurve }] = await Promise.all([
  import('@assay/gateway'),
  import('@assay/crypto'),
])

const [file, fatal] = process.argv.slice(2)
const controller = new AbortController()
process.once('SIGTERM', () => controller.abort())

await runGateway({
  config: loadGatewayConfig(file!),
  signal: controller.signal,
  cryptography: cryptographyOf(await loadCurve()),
  observe({ kind }) {
    if (kind === fatal) process.kill(process.pid, 'SIGKILL')
  },
  listening: (url) => console.log(url),
  reportError: console.error,
})
