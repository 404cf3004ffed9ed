export type { EthersProvider, EthersSigner } from '../ethers/ethersTypes.ts'
export {
  type FromEthersParameters,
  type FromEthersReturnType,
  fromEthers,
} from '../ethers/fromEthers.ts'
