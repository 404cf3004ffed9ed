/**
 * Compiles the WASM kernels of the fast engine and writes the module into its TypeScript.
 *
 *     npm run wasm              writes the module
 *     npm run wasm -- --check   writes nothing and fails if the module is not what its sources compile to
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { main } from 'assemblyscript/asc'

const tensor = 'packages/tensor/assembly'

/** Folders of sources, and where their modules go. A file that a folder lacks is the first one's. */
const modules = [
  { sources: tensor, target: 'packages/tensor/src/fast/kernelsModule.ts' },
  { sources: 'packages/crypto/assembly', target: 'packages/crypto/src/kernels/kernelsModule.ts' },
]

/** Compiles all sources of a folder to one module that exports what each of them does. */
async function compile(sources: string): Promise<Uint8Array> {
  const files = readdirSync(sources).map((file) => `${sources}/${file}`)
  const output = new Map<string, Uint8Array | string>()
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd']
  const { error, stderr } = await main(
    [...files.toSorted(), ...flags, '--outFile', 'kernels.wasm'],
    {
      readFile: (name) => readSource(name, sources),
      writeFile: (name, contents) => void output.set(name, contents),
    },
  )
  const module = output.get('kernels.wasm')
  if (error !== null || !(module instanceof Uint8Array)) throw new Error(stderr.toString())
  return module
}

/** Returns the text of a source, or null for the compiler to look elsewhere. */
function readSource(name: string, sources: string): string | null {
  const shared = name.replace(sources, tensor)
  const file = [name, shared].find((candidate) => existsSync(candidate))
  return file === undefined ? null : readFileSync(file, 'utf8')
}

function render(module: Uint8Array, sources: string): string {
  const lines = Buffer.from(module)
    .toString('base64')
    .match(/.{1,100}/g)!
  return [
    '// biome-ignore-all format: one line of text for every hundred characters\n',
    `// Written by \`npm run wasm\` from \`${sources}\`.\n`,
    '/** The compiled kernels, in base64. */\n',
    `export const kernelsModule =\n${lines.map((line) => `  '${line}'`).join(' +\n')}\n`,
  ].join('')
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
for (const { sources, target } of modules) {
  const content = render(await compile(sources), sources)
  if (!values.check) {
    writeFileSync(target, content)
    console.log(`${target}: ${content.length} bytes written.`)
  } else if (readFileSync(target, 'utf8') !== content) {
    console.log(`${target} is stale: run \`npm run wasm\`.`)
    process.exitCode = 1
  }
}
