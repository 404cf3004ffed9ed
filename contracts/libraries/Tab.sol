// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev What a payer set aside for an operator. From high to low: epoch(24) thawedAt(40) funded(96) spent(96).
/// `funded` and `spent` are sums over the channel's life; their difference is in the tab. `spent` never falls.
type Tab is uint256;

using TabLib for Tab global;

/// @title TabLib
/// @notice Packs and reads tabs.
library TabLib {
    /// @notice An amount does not fit into 96 bits of token units.
    error TabAmountTooLarge(uint256 amount);

    uint256 private constant MAX = type(uint96).max;

    /// @dev With `total` funded.
    function fund(Tab self, uint256 total) internal pure returns (Tab) {
        if (total > MAX) revert TabAmountTooLarge(total);
        return Tab.wrap((Tab.unwrap(self) & ~(MAX << 96)) | (total << 96));
    }

    /// @dev With `total` spent; it is at most what is funded.
    function spend(Tab self, uint256 total) internal pure returns (Tab) {
        return Tab.wrap((Tab.unwrap(self) & ~MAX) | total);
    }

    /// @dev That ends at `time`.
    function thaw(Tab self, uint256 time) internal pure returns (Tab) {
        return Tab.wrap(Tab.unwrap(self) | (time << 192));
    }

    /// @dev Empty, and open again in the next epoch.
    function close(Tab self) internal pure returns (Tab) {
        uint256 sum = spent(self);
        return Tab.wrap((uint256(epoch(self) + 1) << 232) | (sum << 96) | sum);
    }

    function epoch(Tab self) internal pure returns (uint24) {
        return uint24(Tab.unwrap(self) >> 232);
    }

    /// @dev Unix time in seconds; zero if it does not thaw.
    function thawedAt(Tab self) internal pure returns (uint64) {
        return uint40(Tab.unwrap(self) >> 192);
    }

    function funded(Tab self) internal pure returns (uint256) {
        return (Tab.unwrap(self) >> 96) & MAX;
    }

    function spent(Tab self) internal pure returns (uint256) {
        return Tab.unwrap(self) & MAX;
    }
}
