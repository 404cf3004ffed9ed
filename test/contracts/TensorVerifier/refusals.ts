import type { Hex } from 'viem'

import { viem, type World } from './fixtures.ts'

/** Expects a call to revert with an error of the verifier, and with `args` if they are given. */
export async function refuses(
  { verifier }: Pick<World, 'verifier'>,
  call: Promise<unknown>,
  name: string,
  args?: unknown[],
) {
  const sent = call as Promise<Hex>
  if (args === undefined) {
    return viem.assertions.revertWithCustomError(sent, verifier, name as never)
  }
  return viem.assertions.revertWithCustomErrorWithArgs(sent, verifier, name as never, args as never)
}
