import { getReceiptDispute } from '@assay/sdk'

import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { readBoundReceipt } from './bindReceipt.ts'
import { describePlace } from './describePlace.ts'
import { ReceiptStateError } from './errors.ts'
import { inflict, type PenaltyOptions } from './inflict.ts'
import { ledgerCall } from './ledgerCall.ts'
import { before } from './unlessBefore.ts'

/** Proves that an operator did not show a demanded receipt in time. Anybody may; the demander is rewarded. */
export async function proveOmission(
  scene: Scene,
  file: string,
  options: PenaltyOptions,
): Promise<Report> {
  const { client, deployment } = scene
  scene.account()
  const bound = await readBoundReceipt(scene, file)
  const place = describePlace(bound)
  const { isOmitted, demand } = await getReceiptDispute(client, { deployment, id: bound.id })
  if (isOmitted) return before(place)
  if (demand === undefined) {
    throw new ReceiptStateError(
      `Nobody demands receipt ${bound.id}, or the operator showed it in a batch.`,
      '"assay receipt demand" starts the clock.',
    )
  }
  const { demander, deadline } = demand
  const { operator, fee } = bound.document.receipt
  const about: Report = {
    lines: [...place.lines, `  hidden     although it was demanded until ${formatTime(deadline)}`],
    data: { ...place.data, demander, deadline },
  }
  const call = ledgerCall(scene, 'proveOmission', [bound.document.receipt])
  return inflict(scene, { operator, amount: fee, rewarded: demander, call, about }, options)
}
