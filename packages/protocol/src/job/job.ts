import type { TypedDataToPrimitiveTypes } from 'abitype'

/** EIP-712 type of a job. Mirrors `contracts/types/Job.sol`, field for field. */
export const jobTypes = {
  Job: [
    { name: 'payer', type: 'address' },
    { name: 'model', type: 'bytes32' },
    { name: 'inputHash', type: 'bytes32' },
    { name: 'verifier', type: 'address' },
    { name: 'feeMin', type: 'uint128' },
    { name: 'feeMax', type: 'uint128' },
    { name: 'ramp', type: 'uint32' },
    { name: 'tau', type: 'uint32' },
    { name: 'deadline', type: 'uint64' },
    { name: 'challengeWindow', type: 'uint32' },
    { name: 'parametersId', type: 'uint32' },
    { name: 'callbackGas', type: 'uint32' },
    { name: 'callback', type: 'address' },
    { name: 'salt', type: 'bytes32' },
  ],
} as const

/** One on-chain request. Passed whole in every call, never stored. */
export type Job = TypedDataToPrimitiveTypes<typeof jobTypes>['Job']
