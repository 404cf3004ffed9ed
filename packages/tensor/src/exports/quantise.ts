export { CalibrationEmptyError, LayerShapeError } from '../quantise/errors.ts'
export { type FloatLayer, type LayerOutputs, runLayer } from '../quantise/FloatLayer.ts'
export {
  dequantise,
  type Quantisation,
  quantisationOf,
  quantise,
} from '../quantise/Quantisation.ts'
export {
  type QuantisedMlp,
  type QuantiseMlpParameters,
  quantiseMlp,
} from '../quantise/quantiseMlp.ts'
