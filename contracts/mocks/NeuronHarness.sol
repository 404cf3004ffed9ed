// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Dense} from "../libraries/Dense.sol";
import {DotProduct} from "../libraries/DotProduct.sol";
import {Trees} from "../libraries/Trees.sol";
import {RowOpening} from "../types/Tensor.sol";

/// @title NeuronHarness
/// @notice Judges one neuron from two openings, without the claim and the program around them.
contract NeuronHarness {
    error Unopened(bytes32 root);
    error Consistent(uint8 value);

    /// @dev Rows of both trees.
    uint256 internal constant COUNT = 2 ** 20;

    bytes32 internal immutable INPUTS;
    bytes32 internal immutable WEIGHTS;

    constructor(bytes32 inputs, bytes32 weights) {
        (INPUTS, WEIGHTS) = (inputs, weights);
    }

    /// @notice Opens `inputs` and `weights` under the roots; reverts if the neuron computes to `committed`.
    function judge(RowOpening calldata inputs, RowOpening calldata weights, uint8 committed) external view {
        bytes memory source = _load(INPUTS, Trees.TENSOR, inputs);
        bytes memory row = _load(WEIGHTS, Trees.WEIGHTS, weights);
        Dense.Parameters memory dense;
        (dense.outputZero, dense.clampMax) = (128, 255);
        uint8 computed = Dense.neuron(dense, row, 0, source, DotProduct.sum(source));
        require(computed != committed, Consistent(computed));
    }

    function _load(bytes32 root, bytes4 tag, RowOpening calldata row) private pure returns (bytes memory data) {
        data = Dense.allocate(row.data.length);
        bytes32 top = Trees.climb(Trees.copyLeaf(row.data, data, 0), row.index, row.path);
        require(Trees.root(tag, COUNT, top) == root, Unopened(root));
    }
}
