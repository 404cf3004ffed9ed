// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {CollectionStatus} from "../types/Batch.sol";

/// @title Outcomes
/// @notice What became of a batch's collections: two words each, so that an event can list many.
/// @dev payer(160) status(32) sequence(64), then amount(128) cumulativeFee(128), from high to low.
library Outcomes {
    uint256 private constant STATUS = uint256(type(uint32).max) << 64;

    /// @dev Room for the outcomes of `count` collections, each of which is to be set.
    function create(uint256 count) internal pure returns (uint256[] memory outcomes) {
        // outcomes = new uint256[](2 * count), which would fill it with zeros first
        assembly ("memory-safe") {
            outcomes := mload(0x40)
            mstore(outcomes, shl(1, count))
            mstore(0x40, add(outcomes, add(0x20, shl(6, count))))
        }
    }

    /// @dev There is an outcome `i`; `place` is that of its collection. Amounts fit into 128 bits.
    function set(
        uint256[] memory outcomes,
        uint256 i,
        uint256 place,
        CollectionStatus status,
        uint256 amount,
        uint256 cumulativeFee
    ) internal pure {
        uint256 head = (place & ~STATUS) | (uint256(status) << 64);
        uint256 amounts = (amount << 128) | cumulativeFee;
        // (outcomes[2 * i], outcomes[2 * i + 1]) = (head, amounts);
        assembly ("memory-safe") {
            let at := add(add(outcomes, 0x20), shl(6, i))
            mstore(at, head)
            mstore(add(at, 0x20), amounts)
        }
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

    function hash(uint256[] memory outcomes) internal pure returns (bytes32 result) {
        // keccak256(abi.encodePacked(outcomes))
        assembly ("memory-safe") {
            result := keccak256(add(outcomes, 0x20), shl(5, mload(outcomes)))
        }
    }
}
