import type { Program } from '@assay/tensor'
import { loadProgram } from '@assay/tensor/node'
import type { Hash } from 'viem'

import type { Backend } from '../backend/backend.ts'
import { createLimitedFetch } from '../serving/createLimitedFetch.ts'
import { createUpstreamFetch } from '../serving/createUpstreamFetch.ts'
import { createExactServedBackend } from '../serving/exact/createExactServedBackend.ts'
import { createOpenAiBackend } from '../serving/openai/createOpenAiBackend.ts'
import { createProviderBackend } from '../serving/provider/createProviderBackend.ts'
import { loadProvider } from '../serving/provider/loadProvider.ts'
import type { ServedModel } from '../serving/servedModel.ts'
import type { Clock } from '../support/clock.ts'
import type { ServedModelConfig } from './serveConfig.ts'

export type CreateServedModelParameters = {
  config: ServedModelConfig
  /** Key of the upstream. */
  key: string | undefined
  clock: Clock
  random: () => Hash
  /** Whether single answers are sold by x402. */
  sells: boolean
  /** Makes what runs an exact model. */
  createExact: (model: { modelVersion: Hash; program: Program }) => Backend
}

type Upstream = Exclude<ServedModelConfig['backend'], { kind: 'exact' }>

/** Units that an answer may have where nothing is said. */
const defaultUnitsOut = 4_096

/** Creates a model that is served, as its configuration says. */
export async function createServedModel(
  parameters: CreateServedModelParameters,
): Promise<ServedModel> {
  const { config } = parameters
  const { name, version, price, countsHidden, maxUnitsOut = defaultUnitsOut } = config
  const isFree = price.perRequest + price.perMillionIn + price.perMillionOut === 0n
  const payments: ServedModel['payments'] = isFree
    ? ['free', 'tab']
    : ['tab', ...(parameters.sells ? (['x402'] as const) : [])]
  const common = { name, version, price, countsHidden, payments }
  if (config.backend.kind === 'exact') {
    const { backend, elements } = await createExact(parameters, config.backend.folder)
    return { ...common, backend, maxUnitsOut: elements, verification: 'exact' }
  }
  const backend = await createUpstream(parameters, config.backend)
  return { ...common, backend, maxUnitsOut, verification: 'receipt' }
}

async function createExact({ config, createExact }: CreateServedModelParameters, folder: string) {
  const { name, version: modelVersion } = config
  const program = await loadProgram({ folder })
  const { rows, rowBytes } = program.operators.at(-1)!
  const backend = createExact({ modelVersion, program })
  return {
    backend: createExactServedBackend({ name, backend, rowLength: rowBytes }),
    elements: rows * rowBytes,
  }
}

async function createUpstream(parameters: CreateServedModelParameters, backend: Upstream) {
  const { config, key, clock, random } = parameters
  const { timeouts, maxAnswerBytes } = config
  const { model, tasks } = backend
  const { fetch, close } = createUpstreamFetch(timeouts)
  if (backend.kind === 'openai') {
    const { baseUrl, limitField } = backend
    const server = { baseUrl, model, key, tasks, limitField, maxAnswerBytes }
    return { ...createOpenAiBackend({ ...server, timeouts, fetch, clock }), close }
  }
  const specifier = backend.kind === 'provider' ? backend.package : `@ai-sdk/${backend.kind}`
  const { baseUrl } = backend
  const provider = await loadProvider({
    ...{ specifier, key, baseUrl },
    fetch: createLimitedFetch(fetch, maxAnswerBytes),
  })
  const newId = () => `chatcmpl-${random().slice(2, 34)}`
  const asked = { provider, model, tasks, secret: key, timeouts, clock, newId }
  return { ...createProviderBackend(asked), close }
}
