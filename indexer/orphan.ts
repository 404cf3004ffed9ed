/**
 * Preloaded into the indexer's process: ends it with the process that started it, however that ended, so that no
 * indexer outlives a killed demonstration.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
