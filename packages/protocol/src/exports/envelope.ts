export { deriveEncryptionKeys, encryptionKeyOf } from '../envelope/deriveEncryptionKeys.ts'
export {
  EnvelopeMalformedError,
  EnvelopeOpenError,
  NotRecipientError,
  RecipientCountError,
  RecipientKeyError,
} from '../envelope/errors.ts'
export { envelopeLength, isEnvelope } from '../envelope/layout.ts'
export {
  type OpenEnvelopeParameters,
  openEnvelope,
  recipientsOf,
} from '../envelope/openEnvelope.ts'
export {
  type Recipient,
  type SealEnvelopeParameters,
  sealEnvelope,
} from '../envelope/sealEnvelope.ts'
export type { EncryptionKeys } from '../envelope/suite.ts'
