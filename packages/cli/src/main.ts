#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Halves the time to start, which a daemon that was killed is not answering in.
enableCompileCache()
const { runCli, stopSignal } = await import('@assay/node/cli')

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  signal: stopSignal(process),
})
