import { parseUnits } from 'viem'

/** Amount of the test token, which has 6 decimals. */
export function dollars(amount: number): bigint {
  return parseUnits(String(amount), 6)
}

/** Constructor arguments of the suite, and what its actors start with. */
export const defaultTerms = {
  /** Seconds between allocation and activation of stake. */
  activationDelay: 60n,
  /** Seconds stake stays slashable after it left the sortition. */
  thawDelay: 600n,
  /** Refuter's part of a slash, in parts per million. */
  rewardPpm: 300_000n,
  /** Longest time from request to deadline, in seconds. */
  maxAnswerWindow: 60,
  minChallengeWindow: 30,
  maxChallengeWindow: 600,
  parameters: {
    protocolFeePpm: 20_000,
    stakeRatioPpm: 2_000_000,
    commitBondPpm: 100_000,
    seatSeconds: 5,
    stakeFloor: dollars(1),
  },
  demandBond: dollars(5),
  /** Seconds an operator has to supply. */
  supplyWindow: 300n,
  /** Seconds after a supply in which the next level may be demanded. */
  followUpWindow: 120n,
  /** Mean seconds until the first auditor's slot. */
  auditTau: 1,
  /** Seconds a drawn auditor has to confirm; less than half of `minChallengeWindow`. */
  confirmWindow: 14,
  /** Stake of an auditor behind its confirmation, per reward, in parts per million. */
  liabilityRatioPpm: 30_000_000,
  liabilityFloor: dollars(1),
  /** Terms of the receipt ledger; times are seconds, and fit into `thawDelay`. */
  ledger: {
    stakeRatioPpm: 2_000_000,
    stakeFloor: dollars(1),
    demandBond: dollars(2),
    releaseWindow: 100,
    horizon: 200,
    demandWindow: 150,
    responseWindow: 50,
    challengeWindow: 120,
    tabThaw: 60,
    signerDelay: 30,
  },
  /** Tokens minted to every actor. */
  funds: dollars(10_000),
}

export type Terms = typeof defaultTerms
