// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Descriptor} from "./Descriptor.sol";

/// @title Sums
/// @notice Sums of int32 values: value k of the source adds to output k mod `outputs`.
library Sums {
    using Descriptor for bytes;

    function lengthOf(bytes calldata descriptor) internal pure returns (uint256) {
        return Descriptor.HEADER + 4 + 4 * outputsOf(descriptor);
    }

    function outputsOf(bytes calldata descriptor) internal pure returns (uint256) {
        return descriptor.wordAt(Descriptor.HEADER) >> 224;
    }

    /// @notice Sum `output` of the int32 values that make up `values`, modulo 2^32.
    function sumOf(
        bytes calldata descriptor,
        bytes memory values,
        uint256 output
    ) internal pure returns (uint32 total) {
        uint256 step = 4 * outputsOf(descriptor);
        uint256 bias = descriptor.wordAt(Descriptor.HEADER + 4 + 4 * output) >> 224;
        // for (uint256 i = 4 * output; i < values.length; i += step) bias += uint32(bytes4(values[i:i + 4]));
        assembly ("memory-safe") {
            let cursor := add(add(values, 0x20), shl(2, output))
            for {
                let end := add(add(values, 0x20), mload(values))
            } lt(cursor, end) {
                cursor := add(cursor, step)
            } {
                bias := add(bias, shr(224, mload(cursor)))
            }
        }
        return uint32(bias);
    }

    /// @notice Byte `column` of the sums.
    function element(bytes calldata descriptor, bytes memory values, uint256 column) internal pure returns (uint8) {
        return uint8(sumOf(descriptor, values, column / 4) >> (8 * (3 - (column % 4))));
    }
}
