// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CollectionStatus} from "../types/Batch.sol";

/// @title Outcomes
/// @notice What became of a batch's collections: two words each, so that an event can list many.
/// @dev payer(160) status(32) sequence(64), then amount(128) cumulativeFee(128), from high to low.
library Outcomes {
    function set(
        uint256[] memory outcomes,
        uint256 i,
        address payer,
        CollectionStatus status,
        uint256 sequence,
        uint256 amount,
        uint256 cumulativeFee
    ) internal pure {
        outcomes[2 * i] = (uint256(uint160(payer)) << 96) | (uint256(status) << 64) | sequence;
        outcomes[2 * i + 1] = (amount << 128) | cumulativeFee;
    }

    /// @dev Takes `taken` off the amount of outcome `i`, which is at least as much.
    function reduce(uint256[] memory outcomes, uint256 i, uint256 taken) internal pure {
        outcomes[2 * i + 1] -= taken << 128;
    }

    function payerOf(uint256[] memory outcomes, uint256 i) internal pure returns (address) {
        return address(uint160(outcomes[2 * i] >> 96));
    }

    function sequenceOf(uint256[] memory outcomes, uint256 i) internal pure returns (uint64) {
        return uint64(outcomes[2 * i]);
    }

    function amountOf(uint256[] memory outcomes, uint256 i) internal pure returns (uint128) {
        return uint128(outcomes[2 * i + 1] >> 128);
    }

    function cumulativeFeeOf(uint256[] memory outcomes, uint256 i) internal pure returns (uint128) {
        return uint128(outcomes[2 * i + 1]);
    }

    function isCollected(uint256[] memory outcomes, uint256 i) internal pure returns (bool) {
        return uint32(outcomes[2 * i] >> 64) == uint32(CollectionStatus.Collected);
    }

    function hash(uint256[] memory outcomes) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(outcomes));
    }
}
