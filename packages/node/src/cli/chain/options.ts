import { type Command, InvalidArgumentError } from 'commander'
import { type Address, type Hash, isAddress, isHash } from 'viem'

/** What every command that deals with the chain can be told. */
export type ChainOptions = {
  /** Configuration with `chain`, `deployment` and `keyFile`; a daemon's serves as well. */
  config?: string
  /** JSON-RPC endpoint. */
  rpc?: string
  /** File with the deployment. */
  deployment?: string
  /** File with the private key. */
  keyFile?: string
  json?: true
  /** Field of the result that is printed alone. */
  print?: string
}

/** Adds what every command that deals with the chain can be told. */
export function addChainOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration with chain, deployment and keyFile')
    .option('--rpc <url>', 'JSON-RPC endpoint')
    .option('--deployment <file>', 'where the contracts are')
    .option('--key-file <file>', 'file with the private key')
    .option('--json', 'print the result as JSON; amounts in token units')
    .option('--print <field>', 'print one field of the JSON, for a script to go on with')
}

/** Reads an id from the command line. */
export function parseId(value: string): Hash {
  if (isHash(value)) return value
  throw new InvalidArgumentError('It has to be 32 bytes in hex.')
}

/** Reads one more id of a list from the command line. */
export function parseIds(value: string, before: readonly Hash[] = []): Hash[] {
  return [...before, parseId(value)]
}

/** Reads an address from the command line. */
export function parseAddress(value: string): Address {
  if (isAddress(value, { strict: false })) return value
  throw new InvalidArgumentError('It has to be an address.')
}

/** Reads a number of seconds from the command line. */
export function parseSeconds(value: string): number {
  const seconds = Number(value)
  if (/^\d+$/.test(value) && seconds < 2 ** 32) return seconds
  throw new InvalidArgumentError('It has to be a whole number of seconds.')
}
