import {
  auditsAbi,
  escrowAbi,
  jobMarketAbi,
  modelRegistryAbi,
  operatorStakingAbi,
  receiptLedgerAbi,
  tensorVerifierAbi,
} from '@assay/protocol'
import { createConfig } from 'ponder'

import { isLocal, readConfig } from './config.ts'

const { deployment, rpcUrls, database } = readConfig()
const { chainId, startBlock } = deployment
const source = { chain: 'assay', startBlock } as const

export default createConfig({
  database: database.startsWith('postgres')
    ? { kind: 'postgres', connectionString: database }
    : { kind: 'pglite', directory: database },
  chains: {
    assay: {
      id: chainId,
      rpc: rpcUrls,
      // A fresh local chain repeats block numbers that the cache would answer from the last one.
      ...(isLocal(deployment) ? { disableCache: true, pollingInterval: 200 } : {}),
    },
  },
  contracts: {
    ModelRegistry: { ...source, abi: modelRegistryAbi, address: deployment.registry },
    OperatorStaking: { ...source, abi: operatorStakingAbi, address: deployment.staking },
    Escrow: { ...source, abi: escrowAbi, address: deployment.escrow },
    JobMarket: { ...source, abi: jobMarketAbi, address: deployment.market },
    TensorVerifier: { ...source, abi: tensorVerifierAbi, address: deployment.tensorVerifier },
    Audits: { ...source, abi: auditsAbi, address: deployment.audits },
    ReceiptLedger: { ...source, abi: receiptLedgerAbi, address: deployment.ledger },
  },
})
