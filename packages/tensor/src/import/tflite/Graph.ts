import type { Layer } from '../../program/Layer.ts'
import type { Layers, Placed } from '../Layers.ts'
import type { TfliteTensor } from './TfliteModel.ts'

/** A tensor of the program under construction. */
export type Value = Placed

/** The program under construction. */
export type Graph = Pick<Layers, 'add' | 'reserveRows' | 'reshape' | 'end'> & {
  readonly layers: readonly Layer[]
  /** Returns the program's tensor for one of the model, constants included. */
  read(tensor: TfliteTensor): Value
  /** Says which tensor of the program holds the bytes of one of the model. */
  place(tensor: TfliteTensor, value: Value): void
}
