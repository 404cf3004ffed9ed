// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev An operator on a model: its `Exposure`, and the protocol's part of its fees, which waits here for the operator to
/// collect, so that settling a job writes one slot and not two. From high to low: protocolFee(64) earned(96) reserved(96).
/// 96 bits hold 79 billion tokens of 18 decimals.
type Account is uint256;

using AccountLib for Account global;

/// @title AccountLib
/// @notice Packs and reads the account of an operator on a model.
library AccountLib {
    /// @notice An amount does not fit into 96 bits of token units.
    error AmountTooLarge(uint256 amount);

    uint256 private constant MAX = type(uint96).max;

    /// @dev With `amount` more reserved.
    function reserve(Account self, uint256 amount) internal pure returns (Account) {
        uint256 total = reserved(self) + amount;
        if (total > MAX) revert AmountTooLarge(total);
        return Account.wrap(Account.unwrap(self) - reserved(self) + total);
    }

    /// @dev With `amount` less reserved; it was reserved before.
    function release(Account self, uint256 amount) internal pure returns (Account) {
        return Account.wrap(Account.unwrap(self) - amount);
    }

    /// @dev With `fee` and `protocolFee_` more earned. Protocol fees that do not fit come out as `spilled`, all of them.
    function earn(
        Account self,
        uint256 fee,
        uint256 protocolFee_
    ) internal pure returns (Account account, uint256 spilled) {
        uint256 total = earned(self) + fee;
        if (total > MAX) revert AmountTooLarge(total);
        uint256 fees = protocolFee(self) + protocolFee_;
        if (fees > type(uint64).max) (fees, spilled) = (0, fees);
        account = Account.wrap((fees << 192) | (total << 96) | reserved(self));
    }

    /// @dev With nothing earned.
    function collected(Account self) internal pure returns (Account) {
        return Account.wrap(reserved(self));
    }

    function reserved(Account self) internal pure returns (uint256) {
        return Account.unwrap(self) & MAX;
    }

    function earned(Account self) internal pure returns (uint256) {
        return (Account.unwrap(self) >> 96) & MAX;
    }

    function protocolFee(Account self) internal pure returns (uint256) {
        return Account.unwrap(self) >> 192;
    }
}
