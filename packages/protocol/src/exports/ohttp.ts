export {
  type BinaryRequest,
  type BinaryResponse,
  decodeBinaryRequest,
  decodeBinaryResponse,
  encodeBinaryRequest,
  encodeBinaryResponse,
  type HeaderFields,
} from '../ohttp/binaryHttp.ts'
export {
  type CreateSealedFetchParameters,
  createSealedFetch,
} from '../ohttp/createSealedFetch.ts'
export { OhttpMalformedError, OhttpOpenError, OhttpTruncatedError } from '../ohttp/errors.ts'
export { encodeKeys, keyConfigOf } from '../ohttp/keyConfig.ts'
export {
  type OpenedRequest,
  type OpenRequestParameters,
  openRequest,
} from '../ohttp/openRequest.ts'
export { bucketOf, eventQuantum, paddingComment } from '../ohttp/padding.ts'
export { type Form, forms } from '../ohttp/responseKeys.ts'
export {
  openResponse,
  openResponseStream,
  type ResponseStream,
  sealResponse,
  sealResponseStream,
} from '../ohttp/sealedResponse.ts'
export {
  type SealedRequest,
  type SealRequestParameters,
  sealRequest,
} from '../ohttp/sealRequest.ts'
