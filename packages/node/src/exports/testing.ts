export {
  type CreateLiarBackendParameters,
  createLiarBackend,
} from '../testing/createLiarBackend.ts'
