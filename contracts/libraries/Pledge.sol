// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev An operator in the ledger. From high to low: batches(64) pledged(96) reserved(96).
/// `pledged` is stake that the operator promised not to take back; `reserved` is the part of it that settled batches hold.
type Pledge is uint256;

using PledgeLib for Pledge global;

/// @title PledgeLib
/// @notice Packs and reads pledges.
library PledgeLib {
    /// @notice An amount does not fit into 96 bits of token units.
    error PledgeTooLarge(uint256 amount);

    uint256 private constant MAX = type(uint96).max;

    /// @dev With `total` pledged.
    function pledge(Pledge self, uint256 total) internal pure returns (Pledge) {
        if (total > MAX) revert PledgeTooLarge(total);
        return Pledge.wrap((Pledge.unwrap(self) & ~(MAX << 96)) | (total << 96));
    }

    /// @dev With one batch more, which holds `amount`: together with what is reserved at most what is pledged.
    function settle(Pledge self, uint256 amount) internal pure returns (Pledge) {
        return Pledge.wrap(Pledge.unwrap(self) + (1 << 192) + amount);
    }

    /// @dev With `amount` less reserved; it was reserved before.
    function release(Pledge self, uint256 amount) internal pure returns (Pledge) {
        return Pledge.wrap(Pledge.unwrap(self) - amount);
    }

    function batches(Pledge self) internal pure returns (uint64) {
        return uint64(Pledge.unwrap(self) >> 192);
    }

    function pledged(Pledge self) internal pure returns (uint256) {
        return (Pledge.unwrap(self) >> 96) & MAX;
    }

    function reserved(Pledge self) internal pure returns (uint256) {
        return Pledge.unwrap(self) & MAX;
    }
}
