import type { TypedDataToPrimitiveTypes } from 'abitype'

/** EIP-712 type of a receipt. Mirrors `contracts/types/Receipt.sol`, field for field. */
export const receiptTypes = {
  Receipt: [
    { name: 'claimHash', type: 'bytes32' },
    { name: 'payer', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'sequence', type: 'uint64' },
    { name: 'fee', type: 'uint128' },
    { name: 'cumulativeFee', type: 'uint128' },
    { name: 'servedModel', type: 'bytes32' },
    { name: 'unitsIn', type: 'uint64' },
    { name: 'unitsOut', type: 'uint64' },
    { name: 'issuedAt', type: 'uint64' },
  ],
} as const

/** "For this fee I served this payer an answer, of which I claim this." */
export type Receipt = TypedDataToPrimitiveTypes<typeof receiptTypes>['Receipt']
