export { buildTree, buildTreeOfHashes, type Tree } from '../tree/buildTree.ts'
export {
  HashLengthError,
  LeafCountError,
  LeafIndexError,
  PathLengthError,
} from '../tree/errors.ts'
export { leafHash } from '../tree/leafHash.ts'
export { nodeHash } from '../tree/nodeHash.ts'
export { pathOf } from '../tree/pathOf.ts'
export { type RootHashParameters, rootHash, type TreeTag } from '../tree/rootHash.ts'
export { type RootOfPathParameters, rootOfPath } from '../tree/rootOfPath.ts'
export { treeDepth } from '../tree/treeDepth.ts'
export { type VerifyPathParameters, verifyPath } from '../tree/verifyPath.ts'
