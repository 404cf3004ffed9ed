import { roundingDivideByPowerOfTwo } from './roundingDivideByPowerOfTwo.ts'
import { saturatingRoundingDoublingHighMul } from './saturatingRoundingDoublingHighMul.ts'

const mul = saturatingRoundingDoublingHighMul

/** One eighth, exp(−1/8) and one third in Q0.31. */
const eighth = 1 << 28
const expOfMinusEighth = 1895147668
const third = 715827883

/** exp(−1/4), exp(−1/2), exp(−1) … exp(−16) in Q0.31. */
const powers = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242] as const

/**
 * Returns e^a in Q0.31 of a number that is not positive, with up to five integer bits (gemmlowp's `exp_on_negative_values`).
 * Positive numbers have a result too, though no meaning.
 */
export function expOnNegativeValues(a: number, integerBits = 5): number {
  if (a === 0) return 2 ** 31 - 1
  const quarter = 1 << (29 - integerBits)
  const fraction = (a & (quarter - 1)) - quarter
  const remainder = (fraction - a) | 0
  let result = expBelowQuarter(fraction << integerBits)
  for (const [i, power] of powers.slice(0, integerBits + 2).entries()) {
    if ((remainder & (quarter << i)) !== 0) result = mul(result, power)
  }
  return result
}

/** e^a of a Q0.31 number in [−1/4, 0): the Taylor polynomial of degree 4 around −1/8. */
function expBelowQuarter(a: number): number {
  const x = a + eighth
  const x2 = mul(x, x)
  const x3 = mul(x2, x)
  const x4Over4 = roundingDivideByPowerOfTwo(mul(x2, x2), 2)
  const higher = roundingDivideByPowerOfTwo(mul(x4Over4 + x3, third) + x2, 1)
  return expOfMinusEighth + mul(expOfMinusEighth, x + higher)
}
