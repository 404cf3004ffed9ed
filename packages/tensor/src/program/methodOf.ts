import { exactMethodOf, type Method } from '@assay/protocol'
import { type Address, bytesToHex } from 'viem'

import type { Program } from './Program.ts'

/** Returns the method by which a program is published: its descriptors, judged by the `TensorVerifier` at `verifier`. */
export function methodOf({ tree, descriptors }: Program, verifier: Address): Method {
  return exactMethodOf({
    ...{ verifier, root: tree.root },
    descriptors: descriptors.map((descriptor) => bytesToHex(descriptor)),
  })
}
