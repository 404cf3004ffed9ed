#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Halves the time to start, which a daemon that was killed is not answering in.
enableCompileCache()
const { runAssay } = await import('./runAssay.ts')

process.exitCode = await runAssay(process)
