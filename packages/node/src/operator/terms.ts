import type { Job, Parameters } from '@assay/protocol'

const ppm = 1_000_000n

/** Returns the stake to reserve against an answer that is paid `fee`: as `contracts/libraries/JobTerms.sol`. */
export function reservationOf({ stakeRatioPpm, stakeFloor }: Parameters, fee: bigint): bigint {
  const reserved = (fee * BigInt(stakeRatioPpm)) / ppm
  return reserved > stakeFloor ? reserved : stakeFloor
}

/** Returns the stake to reserve against a commit. */
export function commitBondOf(parameters: Parameters, { feeMax }: Pick<Job, 'feeMax'>): bigint {
  return (reservationOf(parameters, feeMax) * BigInt(parameters.commitBondPpm)) / ppm
}

/** Returns what is left of a fee for the operator. */
export function netOf({ protocolFeePpm }: Parameters, fee: bigint): bigint {
  return fee - (fee * BigInt(protocolFeePpm)) / ppm
}
