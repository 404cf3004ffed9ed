// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Descriptor
/// @notice Reads encoded operators.
library Descriptor {
    /// @dev Bytes that every descriptor starts with: kind, source, rows, row bytes.
    uint256 internal constant HEADER = 11;

    /// @notice The 32 bytes from `offset`, in which fields stand from the top.
    /// @dev Reads past the end as calldata does.
    function wordAt(bytes calldata descriptor, uint256 offset) internal pure returns (uint256 word) {
        // uint256(bytes32(descriptor[offset:]))
        assembly ("memory-safe") {
            word := calldataload(add(descriptor.offset, offset))
        }
    }
}
