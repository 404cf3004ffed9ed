export type { CliContext } from '../cli/chain/onChain.ts'
export {
  keyVariable,
  type Loaded,
  loadOperatorConfig,
  loadWatcherConfig,
} from '../cli/config.ts'
export { type CreateLoggerParameters, createLogger } from '../cli/createLogger.ts'
export { ConfigError } from '../cli/errors.ts'
export { exitCodes } from '../cli/exitCodes.ts'
export { type OperatorConfig, operatorConfigSchema } from '../cli/operatorConfig.ts'
export { type CliDependencies, runCli } from '../cli/runCli.ts'
export { type RunOperatorParameters, runOperator, type Substitutes } from '../cli/runOperator.ts'
export { type RunWatcherParameters, runWatcher } from '../cli/runWatcher.ts'
export { stopSignal } from '../cli/stopSignal.ts'
export { type WatcherConfig, watcherConfigSchema } from '../cli/watcherConfig.ts'
