export { addGatewayCommands, type GatewayCliContext } from '../cli/addGatewayCommands.ts'
export { GatewayConfigError, GatewayJournalError } from '../errors.ts'
export { cryptographyOf } from '../run/createPaying.ts'
