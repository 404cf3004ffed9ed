import type { Address, Hash, Hex, TransactionReceipt } from 'viem'

import type { GasChain } from './chain.ts'
import { gasOfCall } from './trace.ts'

/** What a figure counts. */
export type FigureKind =
  /** Everything a transaction was charged: `receipt.gasUsed`. */
  | 'transaction'
  /** One call inside a transaction, from its trace, with what it calls itself and before refunds. */
  | 'call'
  /** Computed from other figures. */
  | 'derived'

/** What one operation costs. */
export type Figure = {
  operation: string
  gas: number
  kind: FigureKind
  /** The transaction that was measured; absent for derived figures. */
  hash?: Hash
  /** What the figure stands for, where the operation does not say it. */
  about?: string
}

/** Sends a transaction as the operation named, and returns its receipt. */
export type Run = (operation: string, sent: Promise<Hash>) => Promise<TransactionReceipt>

/** Collects figures. An operation is measured once. */
export function createMeter(chain: GasChain) {
  const figures = new Map<string, Figure>()

  function add(figure: Figure): Figure {
    const { operation } = figure
    if (figures.has(operation)) throw new Error(`${operation} was measured before`)
    figures.set(operation, figure)
    return figure
  }

  const transaction: Run = async (operation, sent) => {
    const receipt = await chain.receiptOf(sent)
    const hash = receipt.transactionHash
    add({ operation, gas: Number(receipt.gasUsed), kind: 'transaction', hash })
    return receipt
  }

  return {
    /** Measures a whole transaction. */
    transaction,

    /** Plays a scenario twice and measures it the second time, when every slot it shares has been used. */
    async steady(play: (run: Run, round: number) => Promise<void>) {
      await play((_, sent) => chain.receiptOf(sent), 0)
      await play(transaction, 1)
    },

    /** Measures one call inside a transaction that was mined. */
    async call(operation: string, hash: Hash, call: { to: Address; selector: Hex }, about: string) {
      const gas = await gasOfCall(chain, hash, call)
      return add({ operation, gas, kind: 'call', hash, about })
    },

    /** Adds a figure computed from others. */
    derived(operation: string, gas: number, about: string) {
      return add({ operation, gas: Math.round(gas), kind: 'derived', about })
    },

    /** Returns what was measured for `operation`. */
    figure(operation: string): Figure {
      const figure = figures.get(operation)
      if (figure === undefined) throw new Error(`${operation} was not measured`)
      return figure
    },

    /** Everything measured so far, by operation. */
    figures: () => [...figures.values()].toSorted((a, b) => (a.operation < b.operation ? -1 : 1)),
  }
}

export type Meter = ReturnType<typeof createMeter>
