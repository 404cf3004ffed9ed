// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Operator, Program} from "../../libraries/Program.sol";
import {Trees} from "../../libraries/Trees.sol";
import {OperatorOpening, Roots, RowOpening, TensorOpening} from "../../types/Tensor.sol";

/// @notice What rows are opened against.
struct Rows {
    bytes4 tag;
    bytes32 root;
    uint256 count;
    /// Bytes of each.
    uint256 length;
}

/// @title Openings
/// @notice Checks what a proof opens against the roots that the registry and the claim fix.
library Openings {
    /// @dev What opens against a registered root went through `validate`, so it is well-formed.
    /// @return operator Header of the operator.
    /// @return index Its number.
    /// @return operators Operators of the program without its input: tensors in the trace.
    function openOperator(
        OperatorOpening calldata opening,
        bytes32 programRoot
    ) internal pure returns (Operator memory operator, uint256 index, uint256 operators) {
        bytes calldata descriptor = opening.descriptor;
        uint256 count;
        (index, count) = (opening.index, opening.count);
        bytes32 root = climb(Trees.PROGRAM, count, Trees.leaf(descriptor), index, opening.path);
        require(root == programRoot, ITensorVerifier.ProgramMismatch(root, programRoot));
        return (Program.header(descriptor), index, count - 1);
    }

    /// @return root Root to which the claim binds tensor `tensor` of `operators`.
    function openTensor(
        Roots memory roots,
        uint256 tensor,
        uint256 operators,
        TensorOpening calldata opening
    ) internal pure returns (bytes32 root) {
        if (tensor == 0) return roots.input;

        root = opening.root;
        requireRoot(climb(Trees.TRACE, operators, Trees.leaf(root), tensor - 1, opening.path), roots.evidence);
    }

    function rowsOf(Operator memory operator, bytes32 root) internal pure returns (Rows memory) {
        return Rows({tag: Trees.TENSOR, root: root, count: operator.rows, length: operator.rowBytes});
    }

    /// @return data The row.
    function openRow(
        RowOpening calldata row,
        uint256 index,
        Rows memory rows
    ) internal pure returns (bytes calldata data) {
        data = _dataOf(row, index, rows);
        _requireRow(row, index, rows, Trees.leaf(data));
    }

    /// @dev As `openRow`, and copies the row to `target` at `offset`.
    function loadRow(
        RowOpening calldata row,
        uint256 index,
        Rows memory rows,
        bytes memory target,
        uint256 offset
    ) internal pure {
        _requireRow(row, index, rows, Trees.copyLeaf(_dataOf(row, index, rows), target, offset));
    }

    function climb(
        bytes4 tag,
        uint256 count,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata path
    ) internal pure returns (bytes32) {
        require(index < count, ITensorVerifier.IndexOutOfRange(index, count));
        uint256 depth = Trees.depth(count);
        require(path.length == depth, ITensorVerifier.PathLengthMismatch(path.length, depth));
        return Trees.root(tag, count, Trees.climb(leaf, index, path));
    }

    function requireRoot(bytes32 computed, bytes32 expected) internal pure {
        require(computed == expected, ITensorVerifier.RootMismatch(computed, expected));
    }

    function requireRows(uint256 given, uint256 expected) internal pure {
        require(given == expected, ITensorVerifier.RowCountMismatch(given, expected));
    }

    function _dataOf(
        RowOpening calldata row,
        uint256 index,
        Rows memory rows
    ) private pure returns (bytes calldata data) {
        uint256 given = row.index;
        require(given == index, ITensorVerifier.RowMismatch(given, index));
        data = row.data;
        require(data.length == rows.length, ITensorVerifier.RowLengthMismatch(data.length, rows.length));
    }

    function _requireRow(RowOpening calldata row, uint256 index, Rows memory rows, bytes32 leaf) private pure {
        requireRoot(climb(rows.tag, rows.count, leaf, index, row.path), rows.root);
    }
}
