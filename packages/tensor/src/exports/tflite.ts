export { decodeElements, type ElementCode, encodeElements } from '../import/elements.ts'
export {
  ElementsLengthError,
  ImportError,
  ModelFileError,
  ModelLimitError,
  UnsupportedModelError,
  type UnsupportedOperator,
  UnsupportedOperatorError,
} from '../import/errors.ts'
export type {
  ElementType,
  ImportedModel,
  ModelOperator,
  ModelTensor,
} from '../import/ImportedModel.ts'
export { importTflite, tfliteImporter } from '../import/tflite/importTflite.ts'
