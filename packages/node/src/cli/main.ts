#!/usr/bin/env node
import { runCli } from './runCli.ts'
import { stopSignal } from './stopSignal.ts'

process.exitCode = await runCli({
  arguments: process.argv.slice(2),
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  signal: stopSignal(process),
})
