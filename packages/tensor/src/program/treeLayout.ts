/** Offset of the first node in an encoded tree, after the number of nodes. */
export const nodesAt = 2

/** Bytes of a node: feature, threshold, below, otherwise. */
export const nodeLength = 8

/** Bit of a branch that marks a leaf. */
export const leafBit = 0x8000
