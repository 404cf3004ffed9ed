import type { TypedDataToPrimitiveTypes } from 'abitype'

/** EIP-712 types of what payers sign. Mirror `contracts/types/Voucher.sol`, field for field. */
export const voucherTypes = {
  Voucher: [
    { name: 'payer', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'cap', type: 'uint128' },
  ],
} as const

export const sessionKeyTypes = {
  SessionKey: [
    { name: 'payer', type: 'address' },
    { name: 'key', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'cap', type: 'uint128' },
    { name: 'expiry', type: 'uint64' },
  ],
} as const

export const tabOrderTypes = {
  TabOrder: [
    { name: 'payer', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'total', type: 'uint128' },
    { name: 'epoch', type: 'uint24' },
  ],
} as const

/** "`operator` may collect up to `cap` from my tab, all collections of the channel together." */
export type Voucher = TypedDataToPrimitiveTypes<typeof voucherTypes>['Voucher']

/** "`key` may sign vouchers for me, up to `cap` in a channel, until `expiry`"; operator zero is every operator. */
export type SessionKey = TypedDataToPrimitiveTypes<typeof sessionKeyTypes>['SessionKey']

/** "My tab with `operator` shall have been funded with `total`." */
export type TabOrder = TypedDataToPrimitiveTypes<typeof tabOrderTypes>['TabOrder']
