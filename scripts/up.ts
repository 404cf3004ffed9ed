/**
 * The whole stack on one machine, and a story played on it: `npm start -- --help`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { createDisplay, type Display } from './up/display.ts'
import { parseOptions, type UpOptions } from './up/options.ts'
import { reportStory } from './up/report.ts'
import { createShutdown, type Shutdown } from './up/shutdown.ts'
import { createStack } from './up/stack.ts'
import { playStory } from './up/story.ts'

/** The story takes about a minute and a half; a stack that is stuck should say so. */
const storyTimeoutMs = 165_000

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
  const report = await reportStory({ ...stack, outcome, display, signal })
  if (options.json !== undefined) await writeJson(options.json, report)
  if (!options.once) {
    display.chapter('Yours to try')
    for (const [name, url] of Object.entries(stack.urls)) display.text(`  ${name.padEnd(9)} ${url}`)
    display.text('\nCtrl-C ends everything.')
    await shutdown.requested
  }
  return report.expectations.every(({ held }) => held) ? 0 : 1
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
