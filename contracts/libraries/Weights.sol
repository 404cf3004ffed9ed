// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Convolution} from "./Convolution.sol";
import {DecisionTree} from "./DecisionTree.sol";
import {Dense} from "./Dense.sol";
import {Descriptor} from "./Descriptor.sol";
import {Operator, Program} from "./Program.sol";

/// @title Weights
/// @notice What the weight rows of an operator are, whatever its kind.
library Weights {
    using Descriptor for bytes;

    /// @notice Number and length of the weight rows of `operator`, and their root; no rows for an operator without weights.
    function rowsOf(
        Operator memory operator,
        bytes calldata descriptor
    ) internal pure returns (uint256 count, uint256 length, bytes32 root) {
        if (operator.kind == Program.DENSE) {
            Dense.Parameters memory dense = Program.dense(descriptor);
            return (operator.rowBytes, Dense.rowLength(dense.inputs), dense.weightsRoot);
        }
        if (operator.kind == Program.CONV) {
            Convolution.Parameters memory conv = Convolution.read(descriptor);
            return (conv.outputs, Dense.rowLength(conv.dense.inputs), conv.dense.weightsRoot);
        }
        if (operator.kind == Program.CONSTANT) {
            return (operator.rows, operator.rowBytes, bytes32(descriptor.wordAt(Descriptor.HEADER)));
        }
        if (operator.kind == Program.TREES) {
            DecisionTree.Parameters memory tree = DecisionTree.read(descriptor);
            return (operator.rows, tree.rowLength, tree.weightsRoot);
        }
    }
}
