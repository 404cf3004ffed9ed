/**
 * Compiles the WASM kernels of the fast engine and writes the module into its TypeScript.
 *
 *     npm run wasm              writes the module
 *     npm run wasm -- --check   writes nothing and fails if the module is not what its sources compile to
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { main } from 'assemblyscript/asc'

const sources = 'packages/tensor/assembly'
const target = 'packages/tensor/src/fast/kernelsModule.ts'

/** Compiles all sources to one module that exports what each of them does. */
async function compile(): Promise<Uint8Array> {
  const files = readdirSync(sources).map((file) => `${sources}/${file}`)
  const output = new Map<string, Uint8Array | string>()
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd']
  const { error, stderr } = await main(
    [...files.toSorted(), ...flags, '--outFile', 'kernels.wasm'],
    {
      writeFile: (name, contents) => void output.set(name, contents),
    },
  )
  const module = output.get('kernels.wasm')
  if (error !== null || !(module instanceof Uint8Array)) throw new Error(stderr.toString())
  return module
}

function render(module: Uint8Array): string {
  const lines = Buffer.from(module)
    .toString('base64')
    .match(/.{1,100}/g)!
  return [
    '// biome-ignore-all format: one line of text for every hundred characters\n',
    '// Written by `npm run wasm` from `packages/tensor/assembly`.\n',
    '/** The compiled kernels, in base64. */\n',
    `export const kernelsModule =\n${lines.map((line) => `  '${line}'`).join(' +\n')}\n`,
  ].join('')
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const content = render(await compile())
if (!values.check) {
  writeFileSync(target, content)
  console.log(`${target}: ${content.length} bytes written.`)
} else if (readFileSync(target, 'utf8') !== content) {
  console.log(`${target} is stale: run \`npm run wasm\`.`)
  process.exit(1)
}
