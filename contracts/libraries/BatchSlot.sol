// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev A place in an operator's ring of batches. From high to low: released(16) settledAt(40) digest(200).
type BatchSlot is uint256;

using BatchSlotLib for BatchSlot global;

/// @title BatchSlotLib
/// @notice Packs and reads the slot of a batch.
library BatchSlotLib {
    uint256 private constant RELEASED = 1 << 240;
    uint256 private constant DIGEST = type(uint200).max;

    function settled(uint256 settledAt_, bytes32 digest) internal pure returns (BatchSlot) {
        return BatchSlot.wrap((settledAt_ << 200) | (uint256(digest) & DIGEST));
    }

    /// @dev The same batch, paid out.
    function release(BatchSlot self) internal pure returns (BatchSlot) {
        return BatchSlot.wrap(BatchSlot.unwrap(self) | RELEASED);
    }

    function isEmpty(BatchSlot self) internal pure returns (bool) {
        return BatchSlot.unwrap(self) == 0;
    }

    function isReleased(BatchSlot self) internal pure returns (bool) {
        return BatchSlot.unwrap(self) & RELEASED != 0;
    }

    function settledAt(BatchSlot self) internal pure returns (uint256) {
        return uint40(BatchSlot.unwrap(self) >> 200);
    }

    function holds(BatchSlot self, bytes32 digest) internal pure returns (bool) {
        return (BatchSlot.unwrap(self) ^ uint256(digest)) & DIGEST == 0;
    }
}
