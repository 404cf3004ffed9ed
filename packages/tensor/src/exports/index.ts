export { channelMultiplier } from '../arithmetic/channelMultiplier.ts'
export { RealMultiplierError } from '../arithmetic/errors.ts'
export {
  type FullyConnectedMultiplierParameters,
  fullyConnectedMultiplier,
} from '../arithmetic/fullyConnectedMultiplier.ts'
export { multiplyByQuantizedMultiplier } from '../arithmetic/multiplyByQuantizedMultiplier.ts'
export { type QuantizedMultiplier, quantizeMultiplier } from '../arithmetic/quantizeMultiplier.ts'
export { type ComputeElementParameters, computeElement } from '../engine/computeElement.ts'
export { computeTensor } from '../engine/computeTensor.ts'
export { InputLengthError } from '../engine/errors.ts'
export { execute } from '../engine/execute.ts'
export { type ComposeProgramParameters, composeProgram } from '../program/composeProgram.ts'
export { decodeOperator } from '../program/decodeOperator.ts'
export { decodeOperators } from '../program/decodeOperators.ts'
export { encodeOperator } from '../program/encodeOperator.ts'
export {
  type Branch,
  type DecisionTree,
  encodeTree,
  type TreeNode,
  treeLength,
} from '../program/encodeTree.ts'
export {
  DescriptorLengthError,
  FieldError,
  FieldRangeError,
  OperatorError,
  OperatorKindError,
  ProgramEmptyError,
  ProgramFileError,
  ProgramLimitError,
  ProgramRootError,
  ShapeError,
  SourceError,
  TreeError,
  WeightPaddingError,
  WeightsExcessError,
  WeightsLengthError,
  WeightsRootError,
} from '../program/errors.ts'
export { operatorKinds } from '../program/fields/layouts.ts'
export type {
  AddLayer,
  ConstantLayer,
  ConvLayer,
  DenseLayer,
  Layer,
  LookupLayer,
  MoveLayer,
  MulLayer,
  PoolLayer,
  SoftmaxLayer,
  SumLayer,
  TreesLayer,
} from '../program/Layer.ts'
export { methodOf } from '../program/methodOf.ts'
export type {
  AddOperator,
  ConstantOperator,
  ConvOperator,
  DenseOperator,
  InputOperator,
  LookupOperator,
  MoveOperator,
  MulOperator,
  Operator,
  Piece,
  PoolOperator,
  SoftmaxOperator,
  SumOperator,
  TreesOperator,
  Window,
} from '../program/Operator.ts'
export type { Neurons, Program, Weights } from '../program/Program.ts'
export {
  defaultLimits,
  type ParseProgramParameters,
  type ProgramLimits,
  parseProgram,
} from '../program/parseProgram.ts'
export {
  formatProgramFile,
  type ProgramFile,
  parseProgramFile,
  programFormat,
} from '../program/programFile.ts'
export { type Reads, readsOf } from '../program/readsOf.ts'
export { weightBytes } from '../program/weightBytes.ts'
export { encodeWeightRow, foldZero, type WeightRow } from '../program/weightRow.ts'
export { inputsOf, type WeightShape, weightShape } from '../program/weightShape.ts'
export {
  type AssembleElementProofParameters,
  assembleElementProof,
  type Committed,
} from '../proof/assembleElementProof.ts'
export { type BuildDemandParameters, buildDemand, type Demand } from '../proof/buildDemand.ts'
export {
  type BuildElementProofParameters,
  buildElementProof,
} from '../proof/buildElementProof.ts'
export { buildOutputProof, type OutputProof } from '../proof/buildOutputProof.ts'
export {
  type BuildRowProofParameters,
  buildRowProof,
  type RowProof,
} from '../proof/buildRowProof.ts'
export { type ElementProofSize, elementProofSize } from '../proof/elementProofSize.ts'
export {
  CoordinateError,
  NodeError,
  ParentUnknownError,
  SupplyError,
} from '../proof/errors.ts'
export {
  type FindInconsistencyParameters,
  findInconsistency,
  type Inconsistency,
} from '../proof/findInconsistency.ts'
export { hashOfNode } from '../proof/hashOfNode.ts'
export { nodeTrees } from '../proof/nodeTrees.ts'
export { parseHashes } from '../proof/parseHashes.ts'
export { parseSupply, type Supplied } from '../proof/parseSupply.ts'
export { type PursueParameters, type Pursuit, pursue } from '../proof/pursue.ts'
export { supplyData } from '../proof/supplyData.ts'
export { commitTrace } from '../trace/commitTrace.ts'
export { type DecodeTraceParameters, decodeTrace } from '../trace/decodeTrace.ts'
export { encodeTrace } from '../trace/encodeTrace.ts'
export { TraceLengthError, TraceShapeError } from '../trace/errors.ts'
export { executeTrace } from '../trace/executeTrace.ts'
export { hashInput } from '../trace/hashInput.ts'
export { outputOf } from '../trace/outputOf.ts'
export type { Tensor, Trace } from '../trace/Trace.ts'
export { traceLength } from '../trace/traceLength.ts'
