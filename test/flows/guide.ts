import { spawn } from 'node:child_process'

/** A command of a guide, and what the guide says that it prints. */
export type Step = { command: string; output: string }

/** Returns the commands in the `console` blocks of a guide, in order. */
export function stepsOf(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block!)
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [command, ...output] = step.split('\n')
        return { command: command!, output: output.join('\n').trim() }
      }),
  )
}

export type RunStepsParameters = {
  steps: readonly Step[]
  cwd: string
  /** Script that `npx assay` runs. */
  cli: string
  /** Told what a command says while it runs. */
  onText: (text: string) => void
}

const mark = '@@ next'

/** Runs commands one after the other in one shell; returns what each printed, until one fails. */
export async function runSteps(parameters: RunStepsParameters): Promise<string[]> {
  const { steps, cwd, cli, onText } = parameters
  const script = [
    'set -euo pipefail; exec 2>&1',
    `npx() { shift; "${process.execPath}" "${cli}" "$@"; }`,
    ...steps.flatMap(({ command }) => [`echo "${mark}"`, command]),
  ]
  const shell = spawn('bash', ['-c', script.join('\n')], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  shell.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
    onText(part)
  })
  await new Promise((resolve) => shell.once('close', resolve))
  return text
    .split(`${mark}\n`)
    .slice(1)
    .map((output) => output.trim())
}

/** Hides what differs between two runs: ids, times, gas, and whether a slot was waited for. */
export function withoutIds(text: string): string {
  return text
    .replaceAll(/^the operator's slot opens at .*\n/gm, '')
    .replaceAll(/0x[0-9a-f]+…?/gi, '0x…')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME')
    .replaceAll(/\d+ gas/g, 'N gas')
    .replaceAll(/[\d.]+ ETH/g, 'N ETH')
}
