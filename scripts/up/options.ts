import { Command, InvalidArgumentError } from 'commander'

export type UpOptions = {
  /** Play the story and exit, with 0 only if every expectation held. */
  once: boolean
  /** Least number of jobs. */
  jobs: number
  rpcPort: number
  graphqlPort: number
  /** Where to write the outcome as JSON; `-` for standard output, which then carries nothing else. */
  json: string | undefined
}

function positive(value: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number
  throw new InvalidArgumentError('It has to be a whole number from 1 to 65535.')
}

/** Reads the command line; prints and exits on `--help` or a mistake. */
export function parseOptions(argv: readonly string[]): UpOptions {
  const command = new Command('npm start --')
    .description('Starts the whole stack on this machine and plays a story on it.')
    .option('--once', 'exit after the story, with 0 only if every expectation held', false)
    .option('--jobs <n>', 'least number of jobs', positive, 20)
    .option('--rpc-port <port>', 'port of the chain', positive, 8545)
    .option('--graphql-port <port>', 'port of the indexer', positive, 42069)
    .option('--json <file>', 'write the outcome as JSON ("-" for standard output)')
    .parse([...argv])
  return { json: undefined, ...command.opts<Omit<UpOptions, 'json'>>() }
}
