import { roundingDivideByPowerOfTwo } from './roundingDivideByPowerOfTwo.ts'
import { saturatingRoundingDoublingHighMul } from './saturatingRoundingDoublingHighMul.ts'

/**
 * Multiplies an accumulator by `multiplier · 2^(shift − 31)`, rounded twice as TFLite's reference kernels do.
 * Total: `shift` is limited to −31…30 and a left shift wraps as int32 does.
 *
 * @example
 * multiplyByQuantizedMultiplier(1000, 1 << 30, 0)
 * // 500
 */
export function multiplyByQuantizedMultiplier(
  acc: number,
  multiplier: number,
  shift: number,
): number {
  const limited = Math.min(Math.max(shift, -31), 30)
  const shifted = limited > 0 ? acc << limited : acc
  const high = saturatingRoundingDoublingHighMul(shifted, multiplier)
  return limited < 0 ? roundingDivideByPowerOfTwo(high, -limited) : high
}
