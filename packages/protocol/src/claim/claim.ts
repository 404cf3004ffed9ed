import type { TypedDataToPrimitiveTypes } from 'abitype'

/** EIP-712 type of a claim. Mirrors `contracts/types/Claim.sol`, field for field. */
export const claimTypes = {
  Claim: [
    { name: 'requestId', type: 'bytes32' },
    { name: 'model', type: 'bytes32' },
    { name: 'operator', type: 'address' },
    { name: 'inputHash', type: 'bytes32' },
    { name: 'outputHash', type: 'bytes32' },
    { name: 'evidenceHash', type: 'bytes32' },
  ],
} as const

/** "Operator O says that model version M, given input I, produced output Y." */
export type Claim = TypedDataToPrimitiveTypes<typeof claimTypes>['Claim']
