#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

import { stopSignal } from './stopSignal.ts'

// Halves the time to start, which a daemon that was killed is not answering in.
enableCompileCache()
const { runCli } = await import('./runCli.ts')

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  signal: stopSignal(process),
})
