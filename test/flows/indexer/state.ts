import { auditStatuses, jobStatuses } from '@assay/protocol'
import { type Address, type Hash, parseAbi, zeroAddress } from 'viem'

import type { World } from './deployWorld.ts'
import { type Row, readTables } from './query.ts'

/** Everything that views of the contracts tell, by name; what is zero is left out. */
export type State = Record<string, string>

const ownable = parseAbi(['function balanceOf(address) view returns (uint256)'])

function withoutZeros(entries: [string, unknown][]): State {
  const texts = entries.map(([key, value]) => [key.toLowerCase(), String(value)] as const)
  return Object.fromEntries(texts.filter(([, value]) => value !== '0'))
}

/** Reads the state of the chain: of every job and demand that the story made, of every actor. */
export async function readChain(world: World): Promise<State> {
  const parts = await Promise.all([
    readJobs(world),
    readDemands(world),
    readAudits(world),
    readOperators(world),
    readBalances(world),
    readTotals(world),
  ])
  return withoutZeros(parts.flat())
}

async function readJobs({ market, known }: World): Promise<[string, unknown][]> {
  const read = async (id: Hash): Promise<[string, unknown][]> => [
    [`status ${id}`, jobStatuses[await market.read.statusOf([id])]],
    [`final at ${id}`, await market.read.finalAt([id])],
    [`settled ${id}`, await market.read.isSettled([id])],
  ]
  return (await Promise.all([...known.jobs].map(read))).flat()
}

const demandStatuses = ['None', 'Open', 'Supplied', 'TimedOut', 'Reclaimed']

async function readDemands({ tensorVerifier, known }: World): Promise<[string, unknown][]> {
  const read = async (id: Hash): Promise<[string, unknown][]> => {
    const [status, demander, time] = await tensorVerifier.read.demandOf([id])
    return [[`demand ${id}`, `${demandStatuses[status]} ${demander.toLowerCase()} ${time}`]]
  }
  return (await Promise.all([...known.demands].map(read))).flat()
}

async function readAudits(world: World): Promise<[string, unknown][]> {
  const { audits, version, operators, known } = world
  const read = async (id: Hash): Promise<[string, unknown]> => {
    const { status, since, seedBlock, auditor } = await audits.read.auditOf([id])
    const by = auditor === zeroAddress ? null : auditor.toLowerCase()
    return [`audit ${id}`, `${auditStatuses[status]} ${since} ${seedBlock} ${by}`]
  }
  const readReserved = async (auditor: Address): Promise<[string, unknown]> => [
    `audits reserved ${auditor}`,
    await audits.read.reservedOf([version, auditor]),
  ]
  return Promise.all([...[...known.audits].map(read), ...operators.map(readReserved)])
}

async function readOperators(world: World): Promise<[string, unknown][]> {
  const { market, staking, version, operators, sources } = world
  const read = async (operator: Address): Promise<[string, unknown][]> => {
    const { reserved, earned } = await market.read.exposureOf([version, operator])
    return [
      [`reserved ${operator}`, reserved],
      [`earned ${operator}`, earned],
      [`free ${operator}`, await staking.read.freeOf([operator])],
      ...(await Promise.all(sources.map((source) => readPosition(world, source, operator)))).flat(),
    ]
  }
  return (await Promise.all(operators.map(read))).flat()
}

async function readPosition(
  { staking }: World,
  { source, version }: World['sources'][number],
  operator: Address,
): Promise<[string, unknown][]> {
  const position = await staking.read.allocationOf([source, version, operator])
  return positionParts.map((part) => [`${part} ${source} ${operator}`, position[part]])
}

const positionParts = ['active', 'pending', 'thawing', 'activeAt', 'thawedAt'] as const

async function readBalances(world: World): Promise<[string, unknown][]> {
  const { escrow, staking, payers, spenders } = world
  const pools = spenders.map(
    async (spender): Promise<[string, unknown]> => [
      `pool ${spender}`,
      await escrow.read.poolOf([spender]),
    ],
  )
  const balances = payers.flatMap((payer) =>
    spenders.map(
      async (spender): Promise<[string, unknown]> => [
        `balance ${payer} ${spender}`,
        await escrow.read.balanceOf([payer, spender]),
      ],
    ),
  )
  const rewards = payers.map(
    async (payer): Promise<[string, unknown]> => [
      `reward ${payer}`,
      await staking.read.rewardOf([payer]),
    ],
  )
  return Promise.all([...pools, ...balances, ...rewards])
}

async function readTotals(world: World): Promise<[string, unknown][]> {
  const { publicClient, token, escrow, staking, market, version, operators, sources } = world
  const uncollected = await Promise.all(
    operators.map((operator) => market.read.exposureOf([version, operator])),
  )
  const protocolFees = uncollected.reduce(
    (sum, exposure) => sum + exposure.protocolFee,
    await market.read.protocolFees(),
  )
  const tokensOf = (holder: Address) =>
    publicClient.readContract({
      abi: ownable,
      address: token.address,
      functionName: 'balanceOf',
      args: [holder],
    })
  return [
    ['tokens Escrow', await tokensOf(escrow.address)],
    ['tokens Staking', await tokensOf(staking.address)],
    ...(await Promise.all(
      sources.map(
        async ({ source, version }): Promise<[string, unknown]> => [
          `total active ${source}`,
          await staking.read.totalActive([source, version]),
        ],
      ),
    )),
    ['unburned', await staking.read.unburned()],
    ['protocol fees', protocolFees],
    ['parameters', await market.read.currentParametersId()],
    ['paused', await market.read.requestsPaused()],
  ]
}

const tables = {
  settlements: 'id status finalAt settledAt',
  demands: 'id status demander supplyUntil endedAt',
  audits: 'id status time openedAt seedBlock auditor liability',
  exposures: 'operator reserved earned',
  stakePositions: 'source operator active pending thawing activeAt thawedAt',
  accounts: 'book kind holder spender balance',
  markets: 'protocolFees currentParametersId requestsPaused',
}

/** Reads the same state out of the index. */
export async function readIndex(url: string): Promise<State> {
  const rows = await readTables(url, tables)
  return withoutZeros([
    ...rows.settlements.flatMap(stateOfJob),
    ...rows.demands.map(stateOfDemand),
    ...rows.audits.map(stateOfAudit),
    ...reservedByAudits(rows.audits),
    ...rows.exposures.flatMap((row): [string, unknown][] => [
      [`reserved ${row.operator}`, row.reserved],
      [`earned ${row.operator}`, row.earned],
    ]),
    ...rows.stakePositions.flatMap((row) =>
      positionParts.map((part): [string, unknown] => [
        `${part} ${row.source} ${row.operator}`,
        row[part],
      ]),
    ),
    ...stateOfAccounts(rows.accounts),
    ...totalsOfPositions(rows.stakePositions),
    ...rows.markets.flatMap((row): [string, unknown][] => [
      ['protocol fees', row.protocolFees],
      ['parameters', row.currentParametersId],
      ['paused', row.requestsPaused],
    ]),
  ])
}

function totalsOfPositions(positions: Row[]): [string, unknown][] {
  const bySource = Map.groupBy(positions, ({ source }) => source)
  return [...bySource].map(([source, rows]) => [
    `total active ${source}`,
    rows.reduce((sum, { active }) => sum + BigInt(`${active}`), 0n),
  ])
}

function stateOfJob(row: Row): [string, unknown][] {
  return [
    [`status ${row.id}`, row.status],
    [`final at ${row.id}`, row.finalAt],
    [`settled ${row.id}`, row.settledAt !== null],
  ]
}

function stateOfDemand(row: Row): [string, unknown] {
  const time = row.status === 'Open' ? row.supplyUntil : row.endedAt
  return [`demand ${row.id}`, `${row.status} ${row.demander} ${time}`]
}

function stateOfAudit({ id, status, time, openedAt, seedBlock, auditor }: Row): [string, unknown] {
  return [`audit ${id}`, `${status} ${openedAt ?? time} ${seedBlock ?? 0} ${auditor}`]
}

function reservedByAudits(audits: Row[]): [string, unknown][] {
  const confirmed = audits.filter(({ status }) => status === 'Confirmed')
  return [...Map.groupBy(confirmed, ({ auditor }) => auditor)].map(([auditor, rows]) => [
    `audits reserved ${auditor}`,
    rows.reduce((sum, { liability }) => sum + BigInt(`${liability}`), 0n),
  ])
}

/** Sums of accounts as the contracts know them. */
function stateOfAccounts(accounts: Row[]): [string, unknown][] {
  const names: Record<string, (row: Row) => string> = {
    Payer: ({ holder, spender }) => `balance ${holder} ${spender}`,
    Free: ({ holder }) => `free ${holder}`,
    Reward: ({ holder }) => `reward ${holder}`,
    Unburned: () => 'unburned',
  }
  const sums = new Map<string, bigint>()
  const add = (key: string, row: Row) =>
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(`${row.balance}`))
  for (const row of accounts) {
    if (row.kind === 'Wallet') continue
    add(`tokens ${row.book}`, row)
    if (row.book === 'Escrow') add(`pool ${row.spender}`, row)
    const name = names[`${row.kind}`]
    if (name !== undefined) add(name(row), row)
  }
  return [...sums]
}
