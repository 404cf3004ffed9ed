/** Where a peer's figure comes from. */
export type Evidence =
  /** Whole-transaction gas of the peer's own contracts, run on an `osaka` chain in steady state. */
  | 'measured'
  /** The peer's own committed figure. */
  | 'published'
  /** Test-body gas the peer published; set-up is in it. */
  | 'published test body'
  /** Sum of rows above. */
  | 'computed'

export type Peer = {
  /** What the figure is compared with here. */
  subject: 'answer' | 'claim' | 'collect' | 'collectEach' | 'life' | 'prove' | 'request' | 'slash'
  peer: string
  operation: string
  gas: number
  evidence: Evidence
  source: string
}

const boundless = 'boundless contracts/snapshots/BoundlessMarketBasicTest.json'
const graph = 'graphprotocol/contracts Horizon, viaIR, 100 runs, behind proxies'
const livepeer = 'livepeer/protocol TicketBroker behind proxies'
const zeroG = '0G serving contracts, viaIR, 200 runs, behind beacon proxies'
const ritual = 'ritual-net/infernet-sdk 1.0, event-only consumer'
const ora = 'ora-io/OAO with a two-slot stub in place of opML'
const uma = 'UMAprotocol OptimisticOracleV3, ERC-20 bond'

/** Contracts that do the same elsewhere. Constants: none of them is run here. */
export const peers: Peer[] = [
  ...rows('request', [
    ['Boundless', 'submitRequest, no escrow', 46_054, 'published', boundless],
    ['Boundless', 'lockRequest', 149_434, 'published', boundless],
    ['Ritual', 'requestCompute, ETH paid', 196_282, 'measured', ritual],
    ['ORA', 'requestCallback, 39-byte prompt', 264_176, 'measured', ora],
    [
      'Chainlink Functions',
      'SendRequest',
      226_312,
      'published test body',
      'chainlink-evm contracts/gas-snapshots/functions.gas-snapshot',
    ],
  ]),
  ...rows('answer', [
    ['Boundless', 'fulfill, proof mocked', 116_712, 'published', boundless],
    ['Ritual', 'deliverCompute, ETH paid', 146_174, 'measured', ritual],
    ['ORA', 'invokeCallback, 100 bytes', 215_180, 'measured', ora],
  ]),
  ...rows('claim', [
    ['UMA', 'settleAssertion, undisputed', 62_847, 'measured', uma],
    ['GraphTally', 'collect, second and later', 189_408, 'measured', graph],
    ['Livepeer', 'redeemWinningTicket, steady', 202_443, 'measured', livepeer],
  ]),
  ...rows('collect', [
    ['0G', 'settleFeesWithTEE, one user', 114_448, 'measured', zeroG],
    ['GraphTally', 'collect, second and later', 189_408, 'measured', graph],
    ['Livepeer', 'redeemWinningTicket, steady', 202_443, 'measured', livepeer],
  ]),
  ...rows('collectEach', [
    ['0G', 'settleFeesWithTEE, each of 50 users', 59_340, 'measured', zeroG],
    ['Livepeer', 'batchRedeemWinningTickets, each of 20', 87_410, 'measured', livepeer],
  ]),
  ...rows('life', [
    ['UMA', 'assert + settle', 250_634, 'computed', uma],
    ['Boundless', 'submit + lock + fulfill, without the proof', 312_200, 'computed', boundless],
    ['Ritual', 'request + deliver, ETH paid', 342_456, 'computed', ritual],
    ['ORA', 'request + invoke', 479_356, 'computed', ora],
  ]),
  ...rows('prove', [
    [
      'Optimism Cannon 0.17.3',
      'MIPS.step: one machine instruction (lw, sw)',
      94_480,
      'measured',
      'ethereum-optimism/optimism MIPS.sol; ORA opML uses the same construction',
    ],
  ]),
  ...rows('slash', [
    ['The Graph', 'HorizonStaking.slash', 89_427, 'measured', graph],
    ['Boundless', 'slash', 101_892, 'published', boundless],
    [
      'EigenLayer',
      'slashOperator, second, one strategy',
      279_129,
      'measured',
      'Layr-Labs/eigenlayer-contracts behind proxies',
    ],
  ]),
]

type PeerRow = [peer: string, operation: string, gas: number, evidence: Evidence, source: string]

function rows(subject: Peer['subject'], figures: PeerRow[]): Peer[] {
  return figures.map(([peer, operation, gas, evidence, source]) => ({
    subject,
    peer,
    operation,
    gas,
    evidence,
    source,
  }))
}
