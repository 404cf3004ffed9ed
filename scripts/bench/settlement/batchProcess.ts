/** Builds a batch of so many receipts in a process of its own, so that its memory is the batch's; prints what it took. */
import { buildReceiptTree, createReceiptHasher, type ReceiptTree } from '@assay/crypto'
import type { Hash } from 'viem'

import { createReceipts, domain } from './receipts.ts'
import { type Spent, spentOn } from './timing.ts'

/** Receipts that exist at a time: a daemon reads them in pieces as well. */
const piece = 10_000

/** Seconds of every part, and bytes of memory. */
export type BuiltBatch = {
  hash: Spent
  tree: Spent
  paths: Spent
  /** Most that the process held, and what it held before it began. */
  peakRss: number
  baseRss: number
}

const add = (a: Spent, b: Spent): Spent => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu })
const kibibyte = 1_024

async function build(count: number): Promise<BuiltBatch> {
  const create = createReceipts()
  const { digests } = createReceiptHasher(domain)
  // As in a daemon that has run for a while.
  for (let i = 0; i < 3; i += 1) buildReceiptTree(digests(create(0, piece))).pathOf(0)
  const baseRss = process.memoryUsage.rss()
  const ids: Hash[] = []
  let hash: Spent = { wall: 0, cpu: 0 }
  for (let first = 0; first < count; first += piece) {
    const receipts = create(first, Math.min(piece, count - first))
    const part = await spentOn(() => {
      for (const id of digests(receipts)) ids.push(id)
    })
    hash = add(hash, part)
  }
  let built: ReceiptTree | undefined
  const tree = await spentOn(() => {
    built = buildReceiptTree(ids)
  })
  const peakRss = process.resourceUsage().maxRSS * kibibyte
  const paths = await spentOn(() => {
    for (let leaf = 0; leaf < count; leaf += 1) built?.pathOf(leaf)
  })
  return { hash, tree, paths, peakRss, baseRss }
}

console.log(JSON.stringify(await build(Number(process.argv[2]))))
