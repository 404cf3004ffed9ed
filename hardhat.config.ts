import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'

import hardhatIgnitionViem from '@nomicfoundation/hardhat-ignition-viem'
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import hardhatViemAssertions from '@nomicfoundation/hardhat-viem-assertions'
import { defineConfig } from 'hardhat/config'
import type { HardhatPlugin } from 'hardhat/types/plugins'

/**
 * The one compiler. It comes from npm, so nothing is downloaded, and serves both profiles, because Ignition deploys
 * `production` while tests run `default`, and gas measured in one must hold for the other. The legacy pipeline
 * compiles several times faster than the IR one; a million runs prefers cheap calls to cheap deployment.
 */
const compiler = {
  version: '0.8.37',
  path: createRequire(import.meta.url).resolve('solc/soljson.js'),
  settings: {
    evmVersion: 'osaka',
    optimizer: { enabled: true, runs: 1_000_000 },
    viaIR: false,
  },
}

/** The IR pipeline spends less in the contracts whose gas is calculation, and takes several times as long to compile them. */
const calculating = { ...compiler.settings, viaIR: true }

const profile = {
  // All in one go, for Ignition too: one by one takes minutes, and a file of types alone gives output that EDR refuses.
  isolated: false,
  compilers: [compiler],
  overrides: {
    // More runs repeat wide constants at every use, and its error messages then do not fit into 24 KiB.
    'contracts/JobMarket.sol': {
      ...compiler,
      settings: { ...calculating, optimizer: { enabled: true, runs: 2_000 } },
    },
    'contracts/ReceiptLedger.sol': {
      ...compiler,
      settings: { ...calculating, optimizer: { enabled: true, runs: 1_000 } },
    },
    'contracts/verifiers/TensorVerifier.sol': { ...compiler, settings: calculating },
    'contracts/verifiers/TensorInterpreter.sol': { ...compiler, settings: calculating },
    'contracts/verifiers/TensorRunner.sol': { ...compiler, settings: calculating },
  },
}

/** Compiles on every core: Hardhat leaves one free. */
const everyCore: HardhatPlugin = {
  id: 'assay-every-core',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        build: (context, files, options, next) =>
          next(context, files, { concurrency: availableParallelism(), ...options }),
      }),
    }),
  },
}

export default defineConfig({
  plugins: [
    ...[hardhatIgnitionViem, hardhatNetworkHelpers, hardhatViem, hardhatViemAssertions],
    everyCore,
  ],
  solidity: {
    npmFilesToBuild: ['@openzeppelin/contracts/access/manager/AccessManager.sol'],
    profiles: { default: profile, production: profile },
  },
  networks: {
    default: { type: 'edr-simulated', chainType: 'l1', hardfork: 'osaka' },
    local: {
      type: 'http',
      chainType: 'l1',
      url: process.env.ASSAY_RPC_URL ?? 'http://127.0.0.1:8545',
    },
  },
  paths: { sources: './contracts', tests: { solidity: './test/solidity' } },
  test: {
    solidity: {
      fuzz: { runs: Number(process.env.FUZZ_RUNS ?? 256) },
      invariant: {
        runs: Number(process.env.INVARIANT_RUNS ?? 256),
        depth: Number(process.env.INVARIANT_DEPTH ?? 64),
      },
    },
  },
})
