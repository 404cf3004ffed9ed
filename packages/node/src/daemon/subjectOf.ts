import type { Hash } from 'viem'

import type { Intent } from '../journal/intent.ts'

/** Returns the job or demand that an intent is about: the first part of its key. */
export function subjectOf({ key }: Pick<Intent, 'key'>): Hash {
  return key.split(':')[0] as Hash
}
