// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DotProduct} from "./DotProduct.sol";
import {Int8} from "./Int8.sol";

/// @title Dense
/// @notice One neuron of a fully connected operator.
library Dense {
    /// @notice What a fully connected operator's descriptor says after its header.
    struct Parameters {
        uint256 inputs;
        uint8 outputZero;
        uint8 clampMin;
        uint8 clampMax;
        bytes32 weightsRoot;
    }

    /// @dev Bytes before the weights in a weight row: bias, multiplier, shift.
    uint256 internal constant ROW_HEADER = 9;

    /// @notice Length of a weight row for `inputs` inputs.
    function rowLength(uint256 inputs) internal pure returns (uint256) {
        return ROW_HEADER + ((inputs + 31) / 32) * 32;
    }

    /// @notice Memory for `length` inputs, with zeros up to the word boundary.
    function allocate(uint256 length) internal pure returns (bytes memory inputs) {
        inputs = new bytes(length);
        // Solidity clears the bytes that it allocates, not what is left of the last word.
        assembly ("memory-safe") {
            mstore(add(add(inputs, 0x20), length), 0)
        }
    }

    /// @notice Copies `data` to memory for inputs.
    function load(bytes calldata data) internal pure returns (bytes memory inputs) {
        inputs = allocate(data.length);
        // for (uint256 i = 0; i < data.length; ++i) inputs[i] = data[i];
        assembly ("memory-safe") {
            calldatacopy(add(inputs, 0x20), data.offset, data.length)
        }
    }

    /// @notice Output byte of the neuron whose weight row stands in `rows` at `offset`, for `inputs`.
    /// @param inputSum Sum of the bytes of `inputs`.
    function neuron(
        Parameters memory self,
        bytes memory rows,
        uint256 offset,
        bytes memory inputs,
        uint256 inputSum
    ) internal pure returns (uint8) {
        (int32 bias, int32 multiplier, int8 shift) = header(rows, offset);
        uint256 products = DotProduct.products(rows, offset + ROW_HEADER, inputs);

        // A stored weight is w + 128, so Σ w · x = products − 128 · inputSum; both fit 64 bits for any input that fits memory.
        unchecked {
            int32 accumulator = int32(int256(bias) + int256(products) - int256(128 * inputSum));
            return finish(self, Int8.requantise(accumulator, multiplier, shift));
        }
    }

    /// @notice Output byte of a neuron whose sum was requantised to `value`.
    function finish(Parameters memory self, int256 value) internal pure returns (uint8) {
        // A requantised value fits 32 bits.
        unchecked {
            return Int8.clamp(value + int256(uint256(self.outputZero)), self.clampMin, self.clampMax);
        }
    }

    /// @notice What a neuron does with its sum, from the head of its weight row in `rows` at `offset`.
    function header(
        bytes memory rows,
        uint256 offset
    ) internal pure returns (int32 bias, int32 multiplier, int8 shift) {
        uint256 word;
        // bytes9(rows[offset:])
        assembly ("memory-safe") {
            word := mload(add(add(rows, 0x20), offset))
        }
        return (int32(uint32(word >> 224)), int32(uint32(word >> 192)), int8(uint8(word >> 184)));
    }
}
