import { ModelLimitError } from '../errors.ts'

/** What a model may have at most, before anything is made of it. */
export const limits = {
  bytes: 2 ** 28,
  /** Messages in the file: nodes, attributes, tensors, dimensions. */
  messages: 2 ** 18,
  /** Numbers that are not in raw bytes, in lists of any kind. */
  listed: 2 ** 24,
  nodes: 4_096,
  rank: 8,
  /** Elements of one tensor. */
  elements: 2 ** 26,
  /** Elements of all tensors of one run. */
  activations: 2 ** 25,
  /** Multiplications of one run. */
  operations: 2 ** 33,
}

/** Throws `ModelLimitError` if there are too many. */
export function needWithin(subject: string, found: number, limit: number): void {
  if (!(found <= limit)) throw new ModelLimitError(subject, found, limit)
}
