import { z } from 'zod'

import { BaseError } from '../errors/BaseError.ts'
import { type Deployment, deploymentSchema } from './deployment.ts'

export class InvalidDeploymentError extends BaseError {
  override name = 'InvalidDeploymentError'
}

/** Checks a deployment that was read from outside: addresses are checksummed, unknown fields dropped. */
export function parseDeployment(value: unknown): Deployment {
  const { success, data, error } = deploymentSchema.safeParse(value)
  if (success) return data
  const metaMessages = z.prettifyError(error).split('\n')
  throw new InvalidDeploymentError('The deployment is not valid.', { cause: error, metaMessages })
}
