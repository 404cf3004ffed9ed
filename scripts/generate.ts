/**
 * Writes the ABIs of the suite into `packages/protocol/src/abi`, from the compiler's own output.
 *
 *     npm run generate              writes what changed
 *     npm run generate -- --check   writes nothing and fails if something would change
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { type Abi, type AbiItem, type AbiParameter, toSignature } from './generate/signature.ts'
import { type Source, sources } from './generate/sources.ts'

const folder = 'packages/protocol/src/abi'

type ReadAbi = (artifact: string) => Promise<Abi>

/** Drops `internalType`: names of Solidity types say nothing that the encoding needs. */
function compact({ internalType: _, components, ...rest }: AbiParameter): AbiParameter {
  return components === undefined ? rest : { ...rest, components: components.map(compact) }
}

function compactItem(item: AbiItem): AbiItem {
  const { inputs, outputs, ...rest } = item
  return {
    ...rest,
    ...(inputs === undefined ? {} : { inputs: inputs.map(compact) }),
    ...(outputs === undefined ? {} : { outputs: outputs.map(compact) }),
  }
}

/** All of the source's own items, then the errors that its callees can make it revert with. */
async function abiOf(source: Source, readAbi: ReadAbi): Promise<Abi> {
  const own = (await Promise.all(source.artifacts.map(readAbi))).flat()
  const called = (await Promise.all(source.callees.map(readAbi))).flat()
  const items = [...own, ...called.filter((item) => item.type === 'error')]
  const bySignature = new Map(items.map((item) => [toSignature(item), item]))
  return [...bySignature.values()].filter((item) => item.type !== 'constructor').map(compactItem)
}

function render(name: string, abi: Abi) {
  const items = abi.map((item) => `  ${JSON.stringify(item)},\n`).join('')
  return [
    '// biome-ignore-all format: one item a line\n',
    '// Written by `npm run generate`.\n',
    `export const ${name} = [\n${items}] as const\n`,
  ].join('')
}

async function renderAll(): Promise<Map<string, string>> {
  const { default: hre } = await import('hardhat')
  await hre.tasks.getTask('build').run({ quiet: true })
  const readAbi: ReadAbi = async (artifact) => [...(await hre.artifacts.readArtifact(artifact)).abi]
  const files = sources.map(async (source) => {
    const name = `${source.name}Abi`
    return [`${name}.ts`, render(name, await abiOf(source, readAbi))] as const
  })
  return new Map(await Promise.all(files))
}

function contentOf(path: string) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const files = await renderAll()
const present = existsSync(folder)
  ? readdirSync(folder).filter((file) => /Abi\.ts$/.test(file))
  : []
const stale = present.filter((file) => !files.has(file))
const changed = [...files].filter(([file, content]) => contentOf(join(folder, file)) !== content)

if (values.check) {
  for (const file of [...stale, ...changed.map(([file]) => file)]) {
    console.error(`${folder}/${file} is stale: run \`npm run generate\`.`)
  }
} else {
  mkdirSync(folder, { recursive: true })
  for (const file of stale) rmSync(join(folder, file))
  for (const [file, content] of changed) writeFileSync(join(folder, file), content)
  console.log(`${changed.length} of ${files.size} files written, ${stale.length} removed.`)
}
process.exit(values.check && stale.length + changed.length > 0 ? 1 : 0)
