// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Trees that a claim of an exact model binds and whose content can be demanded.
enum Tree {
    /// Tensor roots, one leaf per operator; its root is `claim.evidenceHash`. Index 0.
    Trace,
    /// Rows of one tensor. Index = tensor; tensor 0 is the input, whose root is `claim.inputHash`.
    Tensor,
    /// Weight rows of one operator. Index = operator.
    Weights
}

/// @notice One committed node: all leaves of a tree, or the data of one leaf.
struct Node {
    Tree tree;
    uint32 index;
    /// Leaf number, or `ALL_LEAVES`.
    uint32 leaf;
}

/// @dev `Node.leaf` of a node that stands for the list of all leaf hashes (of all tensor roots in the trace).
uint32 constant ALL_LEAVES = type(uint32).max;

/// @notice Opening of one operator in the program tree. Operator i produces tensor i; leaf 0 describes the input.
struct OperatorOpening {
    uint32 index;
    /// Leaves of the program tree.
    uint32 count;
    /// Encoded operator (docs/protocol/exact-models.md).
    bytes descriptor;
    bytes32[] path;
}

/// @notice Opening of a tensor's root in the trace tree; ignored (empty) for tensor 0.
struct TensorOpening {
    bytes32 root;
    bytes32[] path;
}

/// @notice Opening of one leaf (a row of a tensor, a weight row) in its tree.
struct RowOpening {
    uint32 index;
    bytes data;
    bytes32[] path;
}

/// @notice Opening of a tensor that an element reads, and of those of its rows that the element depends on.
struct SourceOpening {
    /// Opening of the operator that produced the tensor: gives its shape.
    OperatorOpening producer;
    TensorOpening tensor;
    /// Ascending.
    RowOpening[] rows;
}

/// @notice One element, everything it was computed from, and what the operator committed for it.
struct ElementProof {
    OperatorOpening operator;
    /// Tensors read, in the order in which the operator names them. Which ones, and which rows of them: docs/protocol/exact-models.md.
    SourceOpening[] sources;
    /// Weight row of the element; empty for operators without weights.
    RowOpening weights;
    TensorOpening output;
    /// Row of the output tensor that holds the element.
    RowOpening outputRow;
    /// Position of the element in that row.
    uint32 column;
}

/// @notice What a claim's elements are opened against.
struct Roots {
    bytes32 program;
    /// Of tensor 0.
    bytes32 input;
    /// Of the trace.
    bytes32 evidence;
}

/// @notice One element of a claim's trace.
struct Element {
    uint32 tensor;
    uint32 row;
    uint32 column;
    uint8 committed;
    uint8 computed;
}

/// @notice What shows that a claim binds a hash at a node.
struct DemandProof {
    /// Weights: the operator. Tensor: the operator that produces it, leaf 0 for the input. Trace: leaf 0.
    OperatorOpening operator;
    /// Tensor i >= 1: its root in the trace; else empty.
    TensorOpening tensor;
    /// One leaf: its path in the tree; else empty.
    bytes32[] path;
    /// After the challenge window: the hash of the supplied parent demand; else zero.
    bytes32 hashOfParent;
}
