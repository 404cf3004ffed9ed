import { BaseError, type suiteErrorsAbi } from '@assay/protocol'
import type { AbiParameterToPrimitiveType, ExtractAbiError, ExtractAbiErrorNames } from 'abitype'
import type { Hex } from 'viem'

type SuiteErrorsAbi = typeof suiteErrorsAbi

/** Name of an error that the suite's contracts, or the token, revert with. */
export type RevertName = ExtractAbiErrorNames<SuiteErrorsAbi> | 'Error' | 'Panic'

type Inputs<name extends ExtractAbiErrorNames<SuiteErrorsAbi>> = ExtractAbiError<
  SuiteErrorsAbi,
  name
>['inputs'][number]

/** Values that an error names. */
export type RevertArgs<name extends RevertName> = name extends 'Error'
  ? { message: string }
  : name extends 'Panic'
    ? { code: bigint }
    : name extends ExtractAbiErrorNames<SuiteErrorsAbi>
      ? { [input in Inputs<name> as input['name']]: AbiParameterToPrimitiveType<input> }
      : never

export type RevertErrorOptions<name extends RevertName> = {
  revertName: name
  args: RevertArgs<name>
  data: Hex
  cause: unknown
}

/** A contract refused a call: which fact was wrong, and the values. */
export class RevertError<name extends RevertName = RevertName> extends BaseError {
  override name = 'RevertError'

  /** Name of the contract's error, such as `SlotNotOpen`. */
  readonly revertName: name
  /** The error's arguments by name. */
  readonly args: RevertArgs<name>
  /** As the chain returned it. */
  readonly data: Hex

  constructor(options: RevertErrorOptions<name>) {
    const { revertName, args, data, cause } = options
    const metaMessages = Object.entries(args).map(([key, value]) => `${key}: ${value}`)
    super(`The contract reverted with ${revertName}.`, { cause, metaMessages })
    this.revertName = revertName
    this.args = args
    this.data = data
  }
}
