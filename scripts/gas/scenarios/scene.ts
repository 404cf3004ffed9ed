import type { GasChain } from '../chain.ts'
import type { Meter } from '../meter.ts'
import type { World } from '../world.ts'

/** What a scenario plays on. */
export type Scene = { chain: GasChain; meter: Meter; world: World }
