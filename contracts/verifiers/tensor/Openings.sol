// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IModelRegistry} from "../../interfaces/IModelRegistry.sol";
import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Operator, Program} from "../../libraries/Program.sol";
import {Trees} from "../../libraries/Trees.sol";
import {Claim, ModelVersionId} from "../../types/Claim.sol";
import {OperatorOpening, RowOpening, TensorOpening} from "../../types/Tensor.sol";

/// @title Openings
/// @notice Checks what a proof opens against the roots that the registry and the claim fix.
abstract contract Openings is ITensorVerifier {
    /// @dev What rows are opened against.
    struct Rows {
        bytes4 tag;
        bytes32 root;
        uint256 count;
        /// Bytes of each.
        uint256 length;
    }

    /* IMMUTABLES */

    /// @inheritdoc ITensorVerifier
    IModelRegistry public immutable REGISTRY;

    /* CONSTRUCTOR */

    constructor(IModelRegistry registry) {
        REGISTRY = registry;
    }

    /* INTERNAL */

    function _programRoot(bytes32 claimId, ModelVersionId model) internal view returns (bytes32 root) {
        root = REGISTRY.rootOf(model, address(this));
        require(root != bytes32(0), UnknownProgram(claimId));
    }

    /// @dev What opens against a registered root went through `validate`, so it is well-formed.
    /// @return operator Header of the operator.
    /// @return index Its number.
    /// @return operators Operators of the program without its input: tensors in the trace.
    function _openOperator(
        OperatorOpening calldata opening,
        bytes32 programRoot
    ) internal pure returns (Operator memory operator, uint256 index, uint256 operators) {
        bytes calldata descriptor = opening.descriptor;
        uint256 count;
        (index, count) = (opening.index, opening.count);
        bytes32 root = _climb(Trees.PROGRAM, count, Trees.leaf(descriptor), index, opening.path);
        require(root == programRoot, ProgramMismatch(root, programRoot));
        return (Program.header(descriptor), index, count - 1);
    }

    /// @return root Root to which the claim binds tensor `tensor` of `operators`.
    function _openTensor(
        Claim memory claim,
        uint256 tensor,
        uint256 operators,
        TensorOpening calldata opening
    ) internal pure returns (bytes32 root) {
        if (tensor == 0) return claim.inputHash;

        root = opening.root;
        _requireRoot(_climb(Trees.TRACE, operators, Trees.leaf(root), tensor - 1, opening.path), claim.evidenceHash);
    }

    function _rowsOf(Operator memory operator, bytes32 root) internal pure returns (Rows memory) {
        return Rows({tag: Trees.TENSOR, root: root, count: operator.rows, length: operator.rowBytes});
    }

    /// @return data The row.
    function _openRow(
        RowOpening calldata row,
        uint256 index,
        Rows memory rows
    ) internal pure returns (bytes calldata data) {
        data = _dataOf(row, index, rows);
        _requireRow(row, index, rows, Trees.leaf(data));
    }

    /// @dev As `_openRow`, and copies the row to `target` at `offset`.
    function _loadRow(
        RowOpening calldata row,
        uint256 index,
        Rows memory rows,
        bytes memory target,
        uint256 offset
    ) internal pure {
        _requireRow(row, index, rows, Trees.copyLeaf(_dataOf(row, index, rows), target, offset));
    }

    function _climb(
        bytes4 tag,
        uint256 count,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata path
    ) internal pure returns (bytes32) {
        require(index < count, IndexOutOfRange(index, count));
        uint256 depth = Trees.depth(count);
        require(path.length == depth, PathLengthMismatch(path.length, depth));
        return Trees.root(tag, count, Trees.climb(leaf, index, path));
    }

    function _requireRoot(bytes32 computed, bytes32 expected) internal pure {
        require(computed == expected, RootMismatch(computed, expected));
    }

    function _dataOf(
        RowOpening calldata row,
        uint256 index,
        Rows memory rows
    ) private pure returns (bytes calldata data) {
        uint256 given = row.index;
        require(given == index, RowMismatch(given, index));
        data = row.data;
        require(data.length == rows.length, RowLengthMismatch(data.length, rows.length));
    }

    function _requireRow(RowOpening calldata row, uint256 index, Rows memory rows, bytes32 leaf) private pure {
        _requireRoot(_climb(rows.tag, rows.count, leaf, index, row.path), rows.root);
    }
}
