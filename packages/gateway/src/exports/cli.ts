export { addGatewayCommands, type GatewayCliContext } from '../cli/addGatewayCommands.ts'
