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
    function _openOperator(
        OperatorOpening calldata opening,
        bytes32 programRoot
    ) internal pure returns (Operator memory) {
        bytes32 leaf = Trees.leaf(opening.descriptor);
        bytes32 root = _climb(Trees.PROGRAM, opening.count, leaf, opening.index, opening.path);
        require(root == programRoot, ProgramMismatch(root, programRoot));
        return Program.header(opening.descriptor);
    }

    /// @param operators Operators of the program without its input: tensors in the trace.
    /// @return root Root to which the claim binds tensor `tensor`.
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

    /// @return data The row.
    function _openRow(
        RowOpening calldata row,
        bytes4 tag,
        uint256 count,
        uint256 length,
        bytes32 root
    ) internal pure returns (bytes calldata data) {
        data = row.data;
        require(data.length == length, RowLengthMismatch(data.length, length));
        _requireRoot(_climb(tag, count, Trees.leaf(data), row.index, row.path), root);
    }

    /// @dev As `_openRow`, and copies the row to `target` at `offset`.
    function _loadRow(
        RowOpening calldata row,
        bytes4 tag,
        uint256 count,
        uint256 length,
        bytes32 root,
        bytes memory target,
        uint256 offset
    ) internal pure {
        bytes calldata data = row.data;
        require(data.length == length, RowLengthMismatch(data.length, length));
        bytes32 leaf = Trees.copyLeaf(data, target, offset);
        _requireRoot(_climb(tag, count, leaf, row.index, row.path), root);
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
}
