import type { Quantisation } from '../../quantise/Quantisation.ts'
import type { Layers, Placed } from '../Layers.ts'
import type { Layout } from './layout.ts'

/** What the bytes of a value stand for. */
export type Coding = Quantisation & {
  /** Whether the model says so; else calibration found it. */
  isStored: boolean
}

/** A tensor of the program that holds a value of the model. */
export type Value = Placed & {
  /** Dimensions that the model gives the value. */
  dims: readonly number[]
  layout: Layout
  coding: Coding
}

/** The program under construction. */
export type Graph = Omit<Layers, 'reshape'> & {
  /**
   * Returns a value with its bytes in the order of axes given, the first `split` of them counting rows; moves them only where
   * they lie otherwise.
   */
  arrange(value: Value, order: readonly number[], split: number): Value
}
