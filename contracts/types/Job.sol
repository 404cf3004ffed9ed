// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ModelVersionId} from "./Claim.sol";

/// @dev EIP-712 digest of the `Job` in the market's domain: the id a payer signs is the id under which the job lives.
type JobId is bytes32;

/// @notice Where a job stands. `Challenged` and `Final` are derived from the clock, never stored.
enum JobStatus {
    /// Never requested.
    None,
    /// Escrowed and waiting for an answer.
    Open,
    /// One operator holds the seat until `seatUntil` with a sealed answer.
    Committed,
    /// Answered; the challenge window is running.
    Answered,
    /// Answered; at least one demand is open, so time alone cannot make it final.
    Challenged,
    /// Can never be refuted any more; the operator may be paid (or has been: see `isSettled`).
    Final,
    /// Proven wrong; the payer was refunded and the operator slashed.
    Refuted,
    /// Unanswered at its deadline; the payer was refunded.
    Expired
}

/// @notice One on-chain request. Passed whole in calldata, checked against its id, never stored.
/// @dev Ordered for reading; not a storage layout.
struct Job {
    /// Escrow account that pays. Signs the job when somebody else submits it (ECDSA or ERC-1271).
    address payer;
    /// Model version to run.
    ModelVersionId model;
    /// Commitment to the input, as the model's method defines it.
    bytes32 inputHash;
    /// Verifier that may refute the answer; zero for none, which makes an answer final at once.
    address verifier;
    /// Fee at the moment of the request, in token units.
    uint128 feeMin;
    /// Fee from `ramp` seconds on; this much is escrowed. Less than 2^96.
    uint128 feeMax;
    /// Seconds over which the fee rises linearly from `feeMin` to `feeMax`.
    uint32 ramp;
    /// Mean seconds until the first operator's slot, and mean head start of the first over the second.
    uint32 tau;
    /// Unix time in seconds at which answers stop being accepted.
    uint64 deadline;
    /// Seconds an answer stays open to challenge.
    uint32 challengeWindow;
    /// Parameter set that governs this job for its whole life; must be the current one when requested.
    uint32 parametersId;
    /// Gas handed to the callback.
    uint32 callbackGas;
    /// Contract called with the result; zero for none.
    address callback;
    /// Makes otherwise equal jobs differ. Re-using it re-uses the job.
    bytes32 salt;
}

/// @notice What an answer fixed. Hashed into the job's one slot and passed back in calldata by every later call.
/// @dev Ordered for reading; not a storage layout.
struct Settlement {
    /// EIP-712 struct hash of the claim.
    bytes32 claimHash;
    /// Model version of the claim.
    ModelVersionId model;
    /// Operator of the claim.
    address operator;
    /// Escrow account that pays.
    address payer;
    /// Verifier that may refute the claim; zero for none.
    address verifier;
    /// Contract called with the result; zero for none.
    address callback;
    /// Gas handed to the callback.
    uint32 callbackGas;
    /// Tokens held for the job.
    uint128 escrowed;
    /// Tokens the operator earns.
    uint128 fee;
    /// Tokens the protocol earns. `escrowed - fee - protocolFee` returns to the payer.
    uint128 protocolFee;
    /// Stake reserved against the claim.
    uint128 reserved;
    /// Unix time in seconds at which the challenge window ends (exclusive).
    uint64 challengeUntil;
}

/// @notice A governed parameter set. Sets are append-only; a job keeps the one it names.
struct Parameters {
    // slot 0
    /// Protocol's part of the fee, in parts per million; capped by `JobMarket.MAX_PROTOCOL_FEE_PPM`.
    uint32 protocolFeePpm;
    /// Stake reserved per fee, in parts per million (1_000_000 = the fee itself).
    uint32 stakeRatioPpm;
    /// Part of the reservation that a committer loses when it does not reveal, in parts per million.
    uint32 commitBondPpm;
    /// Seconds a commit holds the seat.
    uint32 seatSeconds;
    /// Least stake reserved per answer, in token units.
    uint128 stakeFloor;
}

using JobLib for Job global;
using SettlementLib for Settlement global;

/// @title JobLib
/// @notice EIP-712 struct hash of a job.
library JobLib {
    bytes32 internal constant TYPEHASH = keccak256(
        "Job(address payer,bytes32 model,bytes32 inputHash,address verifier,uint128 feeMin,uint128 feeMax,uint32 ramp,uint32 tau,uint64 deadline,uint32 challengeWindow,uint32 parametersId,uint32 callbackGas,address callback,bytes32 salt)"
    );

    /// @dev Every field is static, so `abi.encode` already lays the struct out as EIP-712 `encodeData`.
    function hash(Job memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, self));
    }
}

/// @title SettlementLib
/// @notice Hash under which a settlement is kept in its job's slot.
library SettlementLib {
    function hash(Settlement memory self, JobId id) internal pure returns (bytes32) {
        return keccak256(abi.encode(id, self));
    }
}
