import { join } from 'node:path'
import {
  buildElementProof,
  commitTrace,
  execute,
  findInconsistency,
  type Program,
  type Trace,
} from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { createEngine } from '@assay/tensor/fast'
import { loadProgram } from '@assay/tensor/node'

import { bestOf } from './engine/best.ts'
import { resnet8 } from './engine/resnet8.ts'
import type { Benchmark, Row } from './lib/report.ts'

const digits = join(import.meta.dirname, '../../models/digits')

/** Times what an operator and a watcher do about one answer, off the chain. */
export const benchmark: Benchmark = {
  name: 'refutation',
  summary: 'measures answering, committing, finding a wrong element and building its proof',
  options: {
    rounds: { about: 'turns that every step has; the best time counts', default: '15' },
  },
  async run({ log, values, signal }) {
    const models: [string, Program][] = [
      ['digits (19,056 MACs)', await loadProgram({ folder: digits })],
      ['ResNet-8 (12.5 M MACs)', resnet8()],
    ]
    const rows: Row[] = []
    for (const [name, program] of models) {
      signal.throwIfAborted()
      rows.push({ model: name, ...(await measure(program, Number(values.rounds))) })
      log(`${name} measured`)
    }
    return {
      tables: [{ title: 'Milliseconds on one thread', rows }],
      notes: [
        'The wrong element is in the middle of the trace.',
        'Finding it recomputes with the readable engine, so that it needs no trust in the fast one.',
      ],
    }
  },
}

async function measure(program: Program, rounds: number): Promise<Row> {
  const { rows, rowBytes } = program.operators[0]!
  const input = createRandom(3).bytes(rows * rowBytes)
  const engine = createEngine(program)
  const forged = forge(program, engine.commit(input))
  const { outputHash } = forged
  const find = () => findInconsistency({ program, trace: forged, outputHash })
  const found = find()
  if (found?.kind !== 'element') throw new Error('the forged trace has no wrong element')
  const { tensor, row, column } = found
  const steps = {
    'answer, readable engine': () => execute(program, input),
    answer: () => engine.answer(input),
    'answer and commitment': () => engine.commit(input),
    'finding the wrong element': find,
    'its proof': () => buildElementProof({ program, trace: forged, tensor, row, column }),
  }
  const contenders = Object.entries(steps).map(([name, run]) => ({ name, run }))
  const best = await bestOf(contenders, rounds)
  return Object.fromEntries(contenders.map(({ name }, i) => [name, best[i]!]))
}

/** Changes one byte of the tensor in the middle. */
function forge(program: Program, honest: Trace): Trace {
  const tensor = Math.ceil((program.operators.length - 1) / 2)
  const rows = honest.tensors[tensor]!
  const row = rows.length >> 1
  const changed = rows[row]!.with(0, rows[row]![0]! ^ 1)
  return commitTrace(program, honest.tensors.with(tensor, rows.with(row, changed)))
}
