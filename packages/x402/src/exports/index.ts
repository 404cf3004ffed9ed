export {
  type Charge,
  type CreatePaywallParameters,
  createPaywall,
  type Paywall,
  type SettledPayment,
  type VerifiedPayment,
} from '../createPaywall.ts'
export { PaymentMalformedError, PaymentRefusedError, PaymentUnsettledError } from '../errors.ts'
export { type PaymentRecord, type PaymentStore, paymentIdOf } from '../paymentStore.ts'
