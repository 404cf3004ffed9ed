/**
 * `assay` with an operator that lies about every answer, for demonstrations and tests: takes the same arguments. Put
 * `--silent` first for one that shows neither traces nor what is demanded.
 */
import { runCli } from '../cli/runCli.ts'
import { stopSignal } from '../cli/stopSignal.ts'
import { createLiarBackend } from './createLiarBackend.ts'

const given = process.argv.slice(2)
const isSilent = given[0] === '--silent'

process.exitCode = await runCli({
  arguments: isSilent ? given.slice(1) : given,
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  signal: stopSignal(process),
  substitutes: { backend: createLiarBackend, servesTraces: !isSilent, supplies: !isSilent },
})
