// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claim} from "../../../contracts/types/Claim.sol";
import {Job, JobId, JobStatus, Parameters, Settlement} from "../../../contracts/types/Job.sol";

/// @notice What must be true of a job, from what was done to it.
struct Record {
    Job job;
    JobId id;
    /// Parameter set as it was when the job was requested.
    Parameters parameters;
    uint256 requestedAt;
    uint256 requestedBlock;
    /// `Final` here means settled; what only the clock tells is not kept.
    JobStatus status;
    Seat seat;
    Claim claim;
    Settlement settlement;
    uint256 openChallenges;
    uint256 finalAt;
}

/// @notice Who holds the seat of a committed job, and what it promised to answer.
struct Seat {
    address holder;
    bytes32 evidenceHash;
    bytes32 salt;
    bytes32 commitment;
    uint256 until;
    uint256 bond;
}

using RecordLib for Record global;

/// @title RecordLib
/// @notice The protocol's sums again, written without the market's libraries.
library RecordLib {
    uint256 internal constant PPM = 1_000_000;
    /// @dev How far back a contract in Hardhat sees block hashes: without EIP-2935.
    uint256 internal constant BLOCK_HASHES = 256;

    bytes internal constant OUTPUT = hex"00010203040506070809";

    function statusAt(Record storage self, uint256 timestamp) internal view returns (JobStatus) {
        if (self.status != JobStatus.Answered) return self.status;
        if (self.openChallenges != 0) return JobStatus.Challenged;
        return timestamp >= self.finalAt ? JobStatus.Final : JobStatus.Answered;
    }

    function isTerminal(Record storage self) internal view returns (bool) {
        return self.status == JobStatus.Final || self.status == JobStatus.Refuted || self.status == JobStatus.Expired;
    }

    /// @dev Whether the market can pay the operator now, which it did not do yet.
    function isPayable(Record storage self) internal view returns (bool) {
        return self.status == JobStatus.Answered && statusAt(self, block.timestamp) == JobStatus.Final;
    }

    function isChallengeable(Record storage self) internal view returns (bool) {
        return self.status == JobStatus.Answered && !isPayable(self);
    }

    function isSeedKnown(Record storage self) internal view returns (bool) {
        uint256 seedBlock = self.requestedBlock + 1;
        return block.number > seedBlock && block.number <= seedBlock + BLOCK_HASHES;
    }

    function feeAt(Record storage self, uint256 timestamp) internal view returns (uint256) {
        Job storage job = self.job;
        uint256 elapsed = timestamp > self.requestedAt ? timestamp - self.requestedAt : 0;
        if (elapsed >= job.ramp) return job.feeMax;
        return job.feeMin + (uint256(job.feeMax - job.feeMin) * elapsed) / job.ramp;
    }

    function reservation(Record storage self, uint256 fee) internal view returns (uint256) {
        uint256 share = (fee * self.parameters.stakeRatioPpm) / PPM;
        return share < self.parameters.stakeFloor ? self.parameters.stakeFloor : share;
    }

    function bond(Record storage self) internal view returns (uint256) {
        return (reservation(self, self.job.feeMax) * self.parameters.commitBondPpm) / PPM;
    }

    /// @dev The fee of one who answers now: a holder gets no more for having waited.
    function feeNow(Record storage self) internal view returns (uint256) {
        if (self.status != JobStatus.Committed) return feeAt(self, block.timestamp);
        return feeAt(self, self.seat.until - self.parameters.seatSeconds);
    }

    /// @dev Keeps what an answer of `operator` at this moment commits everybody to.
    function recordAnswer(Record storage self, address operator, bytes32 evidenceHash) internal {
        uint256 fee = feeNow(self);
        uint256 protocolFee = (fee * self.parameters.protocolFeePpm) / PPM;
        Job memory job = self.job;
        Claim memory claim = Claim({
            requestId: JobId.unwrap(self.id),
            model: job.model,
            operator: operator,
            inputHash: job.inputHash,
            outputHash: keccak256(OUTPUT),
            evidenceHash: evidenceHash
        });
        self.settlement = Settlement({
            claimHash: claim.hash(),
            model: job.model,
            operator: operator,
            payer: job.payer,
            verifier: job.verifier,
            callback: job.callback,
            callbackGas: job.callbackGas,
            escrowed: job.feeMax,
            fee: uint128(fee - protocolFee),
            protocolFee: uint128(protocolFee),
            reserved: uint128(reservation(self, fee)),
            challengeUntil: uint64(block.timestamp + job.challengeWindow)
        });
        self.claim = claim;
        self.finalAt = self.settlement.challengeUntil;
        self.status = JobStatus.Answered;
        delete self.seat;
    }

    function context(Record storage self) internal view returns (bytes memory) {
        return abi.encode(self.settlement, self.claim);
    }
}
