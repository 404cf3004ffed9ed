import type { ProviderV4 } from '@ai-sdk/provider'

import { PackageMissingError } from '../errors.ts'

export type LoadProviderParameters = {
  /** Package of the AI SDK: `@ai-sdk/anthropic`, `@ai-sdk/google`, … */
  specifier: string
  key: string | undefined
  /** Over the provider's own. */
  baseUrl: string | undefined
  fetch: typeof fetch
}

/** Loads a provider of the AI SDK, once it is needed; throws `PackageMissingError`. */
export async function loadProvider(parameters: LoadProviderParameters): Promise<ProviderV4> {
  const { specifier, key, baseUrl, fetch } = parameters
  const module = await load(specifier)
  const create = Object.entries(module).find(([name]) => /^create[A-Z]/.test(name))?.[1]
  if (typeof create !== 'function') throw new PackageMissingError({ specifier, cause: undefined })
  return create({
    name: specifier.split('/').at(-1),
    fetch,
    // For servers that count within streams only if they are asked to.
    includeUsage: true,
    // Without a key of its own a provider would look for one in the environment.
    apiKey: key ?? 'none',
    ...(baseUrl !== undefined && { baseURL: baseUrl }),
  }) as ProviderV4
}

async function load(specifier: string): Promise<Record<string, unknown>> {
  try {
    return await import(specifier)
  } catch (cause) {
    throw new PackageMissingError({ specifier, cause })
  }
}
