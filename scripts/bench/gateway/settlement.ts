/** Where nothing is settled: signatures need a chain and a ledger, and nobody asks them here. */
export const settlement = {
  chainId: 31337,
  ledger: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
} as const
