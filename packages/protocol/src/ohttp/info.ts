import { concatBytes, stringToBytes } from 'viem'

import { requestHeader } from './keyConfig.ts'
import { type Form, forms } from './responseKeys.ts'

/** Returns what HPKE binds a request to (RFC 9458, 4.3). */
export function infoOf(form: Form): Uint8Array {
  const label = stringToBytes(forms[form].requestLabel)
  return concatBytes([label, Uint8Array.of(0), requestHeader])
}

/** Returns what the response's secret is exported under. */
export function exporterOf(form: Form): Uint8Array {
  return stringToBytes(forms[form].responseLabel)
}
