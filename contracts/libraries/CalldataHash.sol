// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claim, ClaimLib} from "../types/Claim.sol";
import {Job, JobId, JobLib, Settlement} from "../types/Job.sol";

/// @title CalldataHash
/// @notice The hashes of `types/` for structs in calldata, copied once instead of decoded and encoded again.
/// @dev Nothing here checks that narrow fields are clean. A struct that is not clean hashes to an id or digest that no
/// struct from `abi.encode` has, so it is never found in storage.
library CalldataHash {
    uint256 private constant JOB_BYTES = 448;
    uint256 private constant SETTLEMENT_BYTES = 384;
    uint256 private constant CLAIM_BYTES = 192;

    uint256 internal constant CONTEXT_BYTES = SETTLEMENT_BYTES + CLAIM_BYTES;

    /// @notice The same as `JobLib.hash`: keccak256(abi.encode(TYPEHASH, job)).
    function hashCalldata(Job calldata job) internal pure returns (bytes32 result) {
        bytes32 typeHash = JobLib.TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), job, JOB_BYTES)
            result := keccak256(free, add(JOB_BYTES, 0x20))
        }
    }

    /// @notice The same as `ClaimLib.hash`: keccak256(abi.encode(TYPEHASH, claim)).
    function hashCalldata(Claim calldata claim) internal pure returns (bytes32 result) {
        bytes32 typeHash = ClaimLib.TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), claim, CLAIM_BYTES)
            result := keccak256(free, add(CLAIM_BYTES, 0x20))
        }
    }

    /// @notice The same as `SettlementLib.hash`: keccak256(abi.encode(id, settlement)).
    function hashCalldata(Settlement calldata settlement, JobId id) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, id)
            calldatacopy(add(free, 0x20), settlement, SETTLEMENT_BYTES)
            result := keccak256(free, add(SETTLEMENT_BYTES, 0x20))
        }
    }

    /// @notice The same as `abi.decode(context, (Settlement, Claim))` for a `context` of `CONTEXT_BYTES`.
    function split(
        bytes calldata context
    ) internal pure returns (Settlement calldata settlement, Claim calldata claim) {
        assembly ("memory-safe") {
            settlement := context.offset
            claim := add(context.offset, SETTLEMENT_BYTES)
        }
    }
}
