export {
  ElementsLengthError,
  ImportError,
  ModelFileError,
  ModelLimitError,
  UnsupportedModelError,
  type UnsupportedOperator,
  UnsupportedOperatorError,
} from '../import/errors.ts'
export { type OnnxFile, onnxImporter, openOnnx } from '../import/onnx/openOnnx.ts'
