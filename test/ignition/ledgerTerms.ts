/** Parameters of the receipt ledger, which no default equals. */
export const ledgerTerms = {
  stakeRatioPpm: 2_000_000,
  stakeFloor: 1_000_000n,
  demandBond: 2_000_000n,
  releaseWindow: 60,
  horizon: 300,
  demandWindow: 200,
  responseWindow: 100,
  challengeWindow: 120,
  tabThaw: 61,
  signerDelay: 30,
}
