// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Dense} from "../libraries/Dense.sol";
import {DotProduct} from "../libraries/DotProduct.sol";
import {Program} from "../libraries/Program.sol";

/// @title TensorHarness
/// @notice Computes many elements in one call, so that tests can compare them by the thousand.
contract TensorHarness {
    /// @notice Output bytes of the dense operator `descriptor` for `inputs`, one for each weight row.
    function neurons(
        bytes calldata descriptor,
        bytes[] memory rows,
        bytes memory inputs
    ) external pure returns (bytes memory outputs) {
        Dense.Parameters memory dense = Program.dense(descriptor);
        uint256 sum = DotProduct.sum(inputs);
        outputs = new bytes(rows.length);
        for (uint256 i = 0; i < rows.length; ++i) outputs[i] = bytes1(Dense.neuron(dense, rows[i], 0, inputs, sum));
    }

    /// @notice Output bytes of the look-up operator `descriptor` for `inputs`.
    function lookups(bytes calldata descriptor, bytes memory inputs) external pure returns (bytes memory outputs) {
        outputs = new bytes(inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) {
            outputs[i] = bytes1(Program.lookup(descriptor, uint8(inputs[i])));
        }
    }
}
