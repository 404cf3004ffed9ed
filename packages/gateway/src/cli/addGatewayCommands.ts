import type { Command } from 'commander'

import { loadGatewayConfig } from '../config/config.ts'
import type { Cryptography } from '../run/createPaying.ts'
import { runGateway } from '../run/runGateway.ts'
import { describeEvent } from './describeEvent.ts'

/** What the commands of a program share. */
export type GatewayCliContext = {
  write: (text: string) => void
  /** Aborts when the process is asked to stop. */
  signal: AbortSignal
  /** Loads what signs and recovers; viem's is used without. */
  loadCryptography?: () => Promise<Cryptography>
}

type Options = { config: string; json?: true; verbose?: true; check?: true }

/** Adds `assay gateway`: OpenAI's API over operators and providers. */
export function addGatewayCommands(program: Command, context: GatewayCliContext): void {
  const { write, signal, loadCryptography } = context
  program
    .command('gateway')
    .description("serve OpenAI's API over operators and providers, with fail-over and receipts")
    .requiredOption('--config <file>', 'configuration, as JSON')
    .option('--check', 'only check the configuration')
    .option('--json', 'log a JSON object a line')
    .option('--verbose', 'log every attempt')
    .action(async ({ config: file, json, verbose, check }: Options) => {
      const config = loadGatewayConfig(file)
      const log = (level: string, message: string, fields: Record<string, unknown> = {}) =>
        write(lineOf({ isJson: json === true, level, message, fields }))
      if (check === true) return log('info', 'the configuration is valid')
      await runGateway({
        ...{ config, signal, cryptography: await loadCryptography?.() },
        observe(event) {
          const { level, message, fields } = describeEvent(event)
          if (level !== 'debug' || verbose === true) log(level, message, fields)
        },
        listening: (url) => log('info', 'gateway started', { url }),
        reportError: (error) => log('error', (error as Error).stack ?? String(error)),
      })
      log('info', 'gateway stopped')
    })
}

type Line = { isJson: boolean; level: string; message: string; fields: Record<string, unknown> }

function lineOf({ isJson, level, message, fields }: Line): string {
  const time = new Date().toISOString()
  const text = (value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  if (isJson) {
    return `${JSON.stringify({ time, level, msg: message, ...fields }, (_, value) => text(value))}\n`
  }
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${text(value)}`)
  return `${[time.slice(11, 23), level, message, ...shown].join('  ')}\n`
}
