// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Posting} from "../types/Batch.sol";

/// @title BatchHash
/// @notice Hash of a batch from where its fields lie, without a struct in between.
library BatchHash {
    /// @notice The same as `Batch(operator, batch, posting.root, posting.count, outcomesHash, amount).hash()`.
    /// @dev `posting.count` was read before, so it is known to fit its type.
    function hash(
        address operator,
        uint256 batch,
        Posting calldata posting,
        bytes32 outcomesHash,
        uint256 amount
    ) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, operator)
            mstore(add(free, 0x20), batch)
            // root, count
            calldatacopy(add(free, 0x40), posting, 0x40)
            mstore(add(free, 0x80), outcomesHash)
            mstore(add(free, 0xa0), amount)
            result := keccak256(free, 0xc0)
        }
    }
}
