/**
 * The whole stack on one machine, and a story played on it: `npm start -- --help`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { playAccess } from './up/access/play.ts'
import { createDisplay, type Display } from './up/display.ts'
import { handOver } from './up/handOver.ts'
import { parseOptions, type UpOptions } from './up/options.ts'
import { reportStory } from './up/report.ts'
import { createShutdown, type Shutdown } from './up/shutdown.ts'
import { createStack, type Stack } from './up/stack.ts'
import { playStory } from './up/story.ts'

/** The story takes about two minutes; a stack that is stuck should say so. */
const storyTimeoutMs = 225_000

async function main(options: UpOptions, display: Display, shutdown: Shutdown): Promise<number> {
  const folder = fileURLToPath(new URL(`../.assay/run-${process.pid}`, import.meta.url))
  await mkdir(folder, { recursive: true })
  shutdown.add("the run's folder", async () => {
    if (process.exitCode === 0) await rm(folder, { recursive: true, force: true })
    else process.stderr.write(`Logs of the run: ${folder}\n`)
  })

  const stack = await createStack({ options, display, shutdown, folder })
  display.chapter('Twenty digits, four operators, one liar')
  const timeout = AbortSignal.timeout(storyTimeoutMs)
  timeout.addEventListener('abort', () => {
    display.event(`stuck: not over after ${storyTimeoutMs / 1_000} s; see the logs`, 'red')
  })
  const signal = AbortSignal.any([shutdown.signal, timeout])
  const outcome = await playStory({ ...stack, jobs: options.jobs, display, signal })
  display.chapter('One URL, three operators, and all that can happen to them')
  const answers = await playAccess({ ...stack, display, signal })
  const report = await reportStory({ ...stack, outcome, answers, display, signal })
  if (options.json !== undefined) await writeJson(options.json, report)
  if (!options.once) {
    await offer(stack, display, shutdown)
    await shutdown.requested
  }
  return report.expectations.every(({ held }) => held) ? 0 : 1
}

/** Leaves the stack to whoever started it. */
async function offer({ urls, world }: Stack, display: Display, shutdown: Shutdown) {
  display.chapter('Yours to try')
  for (const [name, url] of Object.entries(urls)) display.text(`  ${name.padEnd(9)} ${url}`)
  const folder = fileURLToPath(new URL('../.assay/local', import.meta.url))
  const { files, tokens, remove } = await handOver({ world, folder })
  shutdown.add('the files of the chain', remove)
  display.text(`\nBy command line, as docs/guides/exact-models.md shows; each has ${tokens} tUSD:`)
  for (const file of files) display.text(`  npx assay … --config ${relative(process.cwd(), file)}`)
  display.text('\nCtrl-C ends everything.')
}

async function writeJson(file: string, report: unknown) {
  const text = `${JSON.stringify(report, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2)}\n`
  if (file === '-') process.stdout.write(text)
  else await writeFile(file, text)
}

const options = parseOptions(process.argv)
const output = options.json === '-' ? process.stderr : process.stdout
const display = createDisplay({ write: (text) => output.write(text), now: Date.now })
const shutdown = createShutdown(process)
try {
  process.exitCode = await main(options, display, shutdown)
} catch (error) {
  process.exitCode = shutdown.signal.aborted ? 0 : 1
  if (!shutdown.signal.aborted)
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
} finally {
  await shutdown.run()
}
process.exit()
