import type { LoadedModel } from '@assay/tensor/node'

import { openModel } from './openModel.ts'
import { showFidelity } from './showFidelity.ts'
import { showTensor } from './showTensor.ts'

export type InspectCommandOptions = {
  /** Folder with a model. */
  folder: string
  json?: true
}

/** Describes the model in a folder. */
export async function inspectModel({ folder, json }: InspectCommandOptions): Promise<string> {
  const { manifest, program } = await openModel(folder)
  const layers = program.operators.map(({ kind, rows, rowBytes }, tensor) => ({
    ...{ tensor, kind, rows, rowBytes },
    weightRows: program.weights[tensor]?.rows.length ?? 0,
  }))
  if (json === true) return `${JSON.stringify({ ...manifest, layers })}\n`
  return `${[...describe(manifest), ...layers.map(showLayer)].join('\n')}\n`
}

function describe({
  source,
  importer,
  root,
  input,
  output,
  operators,
  fidelity,
}: LoadedModel['manifest']) {
  return [
    `source    ${source.file}, sha256 ${source.sha256}, importer ${importer}`,
    `root      ${root}`,
    `input     ${showTensor(input)}`,
    `output    ${showTensor(output)}`,
    ...showFidelity(fidelity),
    '',
    'operator of the model, shape, tensor of the program',
    ...operators.map(({ index, operator, shape, tensor }) =>
      [String(index).padStart(4), operator.padEnd(20), `[${shape.join(', ')}]`.padEnd(20), tensor]
        .join('  ')
        .trimEnd(),
    ),
    '',
    'tensor of the program, kind, rows x bytes, weight rows',
  ]
}

type LayerLine = {
  tensor: number
  kind: string
  rows: number
  rowBytes: number
  weightRows: number
}

function showLayer({ tensor, kind, rows, rowBytes, weightRows }: LayerLine) {
  const shape = `${rows} x ${rowBytes}`.padEnd(20)
  return [String(tensor).padStart(4), kind.padEnd(20), shape, weightRows || ''].join('  ').trimEnd()
}
