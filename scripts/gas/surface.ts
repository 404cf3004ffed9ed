import { artifacts } from 'hardhat'
import type { Abi } from 'viem'

/** Folders of contracts that are deployed; the root of `contracts/` is the core. */
const DEPLOYED = /^contracts\/((verifiers|periphery(\/examples)?)\/)?[^/]+\.sol:/

/** Returns every external function of every deployed contract that can change state, as `Contract.function`. */
export async function externalFunctions(): Promise<string[]> {
  const names = [...(await artifacts.getAllFullyQualifiedNames())].filter((name) =>
    DEPLOYED.test(name),
  )
  const functions = await Promise.all(
    names.toSorted().map(async (name) => {
      const { abi, bytecode, contractName } = await artifacts.readArtifact(name)
      if (bytecode === '0x') return []
      return (abi as Abi).flatMap((item) =>
        item.type === 'function' && !['pure', 'view'].includes(item.stateMutability)
          ? [`${contractName}.${item.name}`]
          : [],
      )
    }),
  )
  return [...new Set(functions.flat())]
}
