// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claim, ClaimLib, ModelVersionId} from "../types/Claim.sol";
import {Job, JobId, JobLib, Settlement} from "../types/Job.sol";

/// @notice A `Job` as the words it is encoded in. Those of a job that was requested are known to fit the types of its fields:
/// no other job has its id.
struct JobWords {
    uint256 payer;
    ModelVersionId model;
    bytes32 inputHash;
    uint256 verifier;
    uint256 feeMin;
    uint256 feeMax;
    uint256 ramp;
    uint256 tau;
    uint256 deadline;
    uint256 challengeWindow;
    uint256 parametersId;
    uint256 callbackGas;
    uint256 callback;
    bytes32 salt;
}

/// @notice A `Settlement` as the words it is encoded in. They are known to fit once their hash is found in a slot.
struct SettlementWords {
    bytes32 claimHash;
    ModelVersionId model;
    uint256 operator;
    uint256 payer;
    uint256 verifier;
    uint256 callback;
    uint256 callbackGas;
    uint256 escrowed;
    uint256 fee;
    uint256 protocolFee;
    uint256 reserved;
    uint256 challengeUntil;
}

/// @title StructWords
/// @notice Reads, hashes and logs the structs of `types/` as they lie in calldata or memory, where the compiler would
/// decode, validate and encode again field by field.
library StructWords {
    uint256 private constant JOB_BYTES = 448;
    uint256 private constant SETTLEMENT_BYTES = 384;
    uint256 private constant CLAIM_BYTES = 192;

    uint256 internal constant CONTEXT_BYTES = SETTLEMENT_BYTES + CLAIM_BYTES;

    /* READING */

    function words(Job calldata job) internal pure returns (JobWords calldata result) {
        assembly ("memory-safe") {
            result := job
        }
    }

    function words(Settlement calldata settlement) internal pure returns (SettlementWords calldata result) {
        assembly ("memory-safe") {
            result := settlement
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

    /* HASHING */

    /// @notice The same as `MessageHashUtils.toTypedDataHash(domain, job.hash())`: the EIP-712 digest of `job`.
    function hashTyped(Job calldata job, bytes32 domain) internal pure returns (bytes32 result) {
        bytes32 typeHash = JobLib.TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), job, JOB_BYTES)
            mstore(add(free, 0x22), keccak256(free, add(JOB_BYTES, 0x20)))
            mstore(add(free, 0x02), domain)
            mstore8(free, 0x19)
            mstore8(add(free, 0x01), 0x01)
            result := keccak256(free, 0x42)
        }
    }

    /// @notice The same as `claim.hash()`.
    function hashStruct(Claim calldata claim) internal pure returns (bytes32 result) {
        bytes32 typeHash = ClaimLib.TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), claim, CLAIM_BYTES)
            result := keccak256(free, add(CLAIM_BYTES, 0x20))
        }
    }

    /// @notice The same as `claim.hash()`.
    function hashWords(Claim memory claim) internal pure returns (bytes32 result) {
        bytes32 typeHash = ClaimLib.TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mcopy(add(free, 0x20), claim, CLAIM_BYTES)
            result := keccak256(free, add(CLAIM_BYTES, 0x20))
        }
    }

    /// @notice The same as `settlement.hash(id)`.
    function hashStruct(Settlement calldata settlement, JobId id) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, id)
            calldatacopy(add(free, 0x20), settlement, SETTLEMENT_BYTES)
            result := keccak256(free, add(SETTLEMENT_BYTES, 0x20))
        }
    }

    /// @notice The same as `settlement.hash(id)`.
    function hashWords(SettlementWords memory settlement, JobId id) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, id)
            mcopy(add(free, 0x20), settlement, SETTLEMENT_BYTES)
            result := keccak256(free, add(SETTLEMENT_BYTES, 0x20))
        }
    }

    /* LOGGING */

    /// @notice The same as `emit JobRequested(id, job.payer, job.model, job, input)`, whose selector is `topic`.
    function logRequested(bytes32 topic, JobId id, Job calldata job, bytes calldata input) internal {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let data := add(free, add(JOB_BYTES, 0x40))
            calldatacopy(free, job, JOB_BYTES)
            mstore(sub(data, 0x40), add(JOB_BYTES, 0x20))
            mstore(sub(data, 0x20), input.length)
            // The word after the input comes first: its head may be the padding of the input's last word.
            mstore(add(data, input.length), 0)
            calldatacopy(data, input.offset, input.length)
            let length := add(add(JOB_BYTES, 0x40), and(add(input.length, 0x1f), not(0x1f)))
            log4(free, length, topic, id, calldataload(job), calldataload(add(job, 0x20)))
        }
    }
}
