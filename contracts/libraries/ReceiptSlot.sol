// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev What the ledger keeps of a receipt that somebody disputes; of others it keeps nothing. From high to low:
/// marks(4) openChallenges(12) until(40) deadline(40) demander(160).
type ReceiptSlot is uint256;

using ReceiptSlotLib for ReceiptSlot global;

/// @title ReceiptSlotLib
/// @notice Packs and reads the slot of a receipt.
library ReceiptSlotLib {
    /// @dev Each penalty strikes a receipt once, and the payer gets its fee back once.
    uint256 internal constant EQUIVOCATED = 1 << 252;
    uint256 internal constant OMITTED = 1 << 253;
    uint256 internal constant REFUTED = 1 << 254;
    uint256 internal constant REFUNDED = 1 << 255;
    uint256 internal constant WRONG = EQUIVOCATED | OMITTED | REFUTED;
    /// @dev Of the id that overcharging has, which is that of no receipt.
    uint256 internal constant OVERCHARGED = EQUIVOCATED;

    uint256 internal constant MAX_CHALLENGES = (1 << 12) - 1;

    uint256 private constant DEMAND = (1 << 200) - 1;

    /// @dev With `mark_` set.
    function mark(ReceiptSlot self, uint256 mark_) internal pure returns (ReceiptSlot) {
        return ReceiptSlot.wrap(ReceiptSlot.unwrap(self) | mark_);
    }

    /// @dev True if any of `marks` is set.
    function has(ReceiptSlot self, uint256 marks) internal pure returns (bool) {
        return ReceiptSlot.unwrap(self) & marks != 0;
    }

    /// @dev Demanded by `demander_`, to be opened before `deadline_`.
    function demand(ReceiptSlot self, address demander_, uint256 deadline_) internal pure returns (ReceiptSlot) {
        return ReceiptSlot.wrap(ReceiptSlot.unwrap(self) | (deadline_ << 160) | uint160(demander_));
    }

    /// @dev Demanded by nobody.
    function clear(ReceiptSlot self) internal pure returns (ReceiptSlot) {
        return ReceiptSlot.wrap(ReceiptSlot.unwrap(self) & ~DEMAND);
    }

    /// @dev With other challenges and another end of refutability.
    function challenge(ReceiptSlot self, uint256 open, uint256 until_) internal pure returns (ReceiptSlot) {
        uint256 rest = ReceiptSlot.unwrap(self) & (DEMAND | WRONG | REFUNDED);
        return ReceiptSlot.wrap(rest | (open << 240) | (until_ << 200));
    }

    function demander(ReceiptSlot self) internal pure returns (address) {
        return address(uint160(ReceiptSlot.unwrap(self)));
    }

    function deadline(ReceiptSlot self) internal pure returns (uint64) {
        return uint40(ReceiptSlot.unwrap(self) >> 160);
    }

    /// @dev Unix time in seconds until which challenges put finality off; zero if none did.
    function until(ReceiptSlot self) internal pure returns (uint64) {
        return uint40(ReceiptSlot.unwrap(self) >> 200);
    }

    function openChallenges(ReceiptSlot self) internal pure returns (uint256) {
        return (ReceiptSlot.unwrap(self) >> 240) & MAX_CHALLENGES;
    }
}
