// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title BatchHash
/// @notice Hash of a batch from its fields, without a struct in between.
library BatchHash {
    /// @notice The same as `Batch(operator, number, root, count, outcomesHash, amount).hash()`.
    function hash(
        address operator,
        uint256 batch,
        bytes32 root,
        uint256 count,
        bytes32 outcomesHash,
        uint256 amount
    ) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, operator)
            mstore(add(free, 0x20), batch)
            mstore(add(free, 0x40), root)
            mstore(add(free, 0x60), count)
            mstore(add(free, 0x80), outcomesHash)
            mstore(add(free, 0xa0), amount)
            result := keccak256(free, 0xc0)
        }
    }
}
