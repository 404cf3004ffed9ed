export {
  ElementsLengthError,
  ImportError,
  ModelFileError,
  ModelLimitError,
  UnsupportedModelError,
  type UnsupportedOperator,
  UnsupportedOperatorError,
} from '../import/errors.ts'
export { type ImportOnnxOptions, importOnnx, onnxImporter } from '../import/onnx/importOnnx.ts'
