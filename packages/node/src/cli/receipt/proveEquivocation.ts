import { isAddressEqual } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { exitCodes } from '../exitCodes.ts'
import { type BoundReceipt, readBoundReceipt } from './bindReceipt.ts'
import { describePlace } from './describePlace.ts'
import { inflict, type PenaltyOptions } from './inflict.ts'
import { ledgerCall } from './ledgerCall.ts'
import { unlessBefore } from './unlessBefore.ts'

/** Proves that an operator signed two receipts for one place in a channel. */
export async function proveEquivocation(
  scene: Scene,
  files: readonly [string, string],
  options: PenaltyOptions,
): Promise<Report> {
  const rewarded = scene.account().address
  const first = await readBoundReceipt(scene, files[0])
  const second = await readBoundReceipt(scene, files[1])
  const place = describePlace(first)
  const about: Report = {
    lines: [...place.lines, `  signed     also ${second.id} for the same place`],
    data: { ...place.data, other: second.id },
  }
  const fault = faultOf(first, second)
  if (fault !== undefined) {
    return {
      lines: [...place.lines, `${fault}: there is nothing to prove`],
      data: { ...about.data, verdict: 'right' },
      exitCode: exitCodes.right,
    }
  }
  const fees = [first.document.receipt.fee, second.document.receipt.fee] as const
  return unlessBefore(about, () =>
    inflict(
      scene,
      {
        ...{ about, rewarded, operator: first.document.receipt.operator },
        amount: fees[0] > fees[1] ? fees[0] : fees[1],
        call: ledgerCall(scene, 'proveEquivocation', [first.document, second.document]),
      },
      options,
    ),
  )
}

/** Why two receipts are none of one place; undefined if they are. */
function faultOf(a: BoundReceipt, b: BoundReceipt): string | undefined {
  if (a.id === b.id) return 'the same receipt twice'
  const [x, y] = [a.document.receipt, b.document.receipt]
  const isOneChannel = isAddressEqual(x.operator, y.operator) && isAddressEqual(x.payer, y.payer)
  if (!isOneChannel) return `${b.id} is of another channel`
  if (x.sequence !== y.sequence) return `${b.id} is answer ${y.sequence} of the channel`
  return undefined
}
