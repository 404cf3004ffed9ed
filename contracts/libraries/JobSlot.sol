// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {JobStatus} from "../types/Job.sol";
import {Terms} from "./Terms.sol";

/// @dev Everything the market keeps of a job. The highest 4 bits are its `JobStage`; the rest depends on that, from high to low:
///
///     Open       requestedAt(40) requestedBlock(40) terms(172)
///     Committed  requestedAt(40) requestedBlock(40) seatUntil(40) seal(132)
///     Answered   openChallenges(12) finalAt(40) digest(200); Settled and Refuted keep it, so that answers stay checkable
///
/// Neither times nor block numbers will reach 2^40.
type JobSlot is uint256;

/// @notice The stored part of a `JobStatus`; the clock and the open challenges tell the rest.
enum JobStage {
    None,
    Open,
    Committed,
    Answered,
    Settled,
    Refuted,
    Expired
}

using JobSlotLib for JobSlot global;

/// @title JobSlotLib
/// @notice Packs and reads the slot of a job.
library JobSlotLib {
    uint256 internal constant MAX_CHALLENGES = (1 << 12) - 1;

    uint256 private constant OPEN = uint256(JobStage.Open) << 252;
    uint256 private constant COMMITTED = uint256(JobStage.Committed) << 252;
    uint256 private constant ANSWERED = uint256(JobStage.Answered) << 252;
    uint256 private constant EXPIRED = uint256(JobStage.Expired) << 252;

    /* PACKING */

    function opened(uint256 requestedAt_, uint256 requestedBlock_, Terms terms_) internal pure returns (JobSlot) {
        return JobSlot.wrap(OPEN | (requestedAt_ << 212) | (requestedBlock_ << 172) | Terms.unwrap(terms_));
    }

    function committed(JobSlot self, uint256 seatUntil_, bytes32 seal) internal pure returns (JobSlot) {
        uint256 request = ((JobSlot.unwrap(self) << 4) >> 176) << 172;
        return JobSlot.wrap(COMMITTED | request | (seatUntil_ << 132) | _low(uint256(seal), 132));
    }

    function answered(uint256 finalAt_, bytes32 digest) internal pure returns (JobSlot) {
        return JobSlot.wrap(ANSWERED | (finalAt_ << 200) | _low(uint256(digest), 200));
    }

    function expired() internal pure returns (JobSlot) {
        return JobSlot.wrap(EXPIRED);
    }

    /// @dev A committed job whose seat is open again.
    function reopened(JobSlot self, Terms terms_) internal pure returns (JobSlot) {
        return opened(requestedAt(self), requestedBlock(self), terms_);
    }

    /// @dev An answered job at another stage, with its answer.
    function moved(JobSlot self, JobStage to) internal pure returns (JobSlot) {
        return JobSlot.wrap((uint256(to) << 252) | _low(JobSlot.unwrap(self), 252));
    }

    /// @dev An answered job with other challenges and another time of finality.
    function challenged(JobSlot self, uint256 open, uint256 finalAt_) internal pure returns (JobSlot) {
        return JobSlot.wrap(ANSWERED | (open << 240) | (finalAt_ << 200) | _low(JobSlot.unwrap(self), 200));
    }

    /* READING */

    function isNone(JobSlot self) internal pure returns (bool) {
        return JobSlot.unwrap(self) == 0;
    }

    function stage(JobSlot self) internal pure returns (JobStage) {
        return JobStage(JobSlot.unwrap(self) >> 252);
    }

    function status(JobSlot self, uint256 timestamp) internal pure returns (JobStatus) {
        JobStage stage_ = stage(self);
        if (stage_ == JobStage.None) return JobStatus.None;
        if (stage_ == JobStage.Open) return JobStatus.Open;
        if (stage_ == JobStage.Committed) return JobStatus.Committed;
        if (stage_ == JobStage.Settled) return JobStatus.Final;
        if (stage_ == JobStage.Refuted) return JobStatus.Refuted;
        if (stage_ == JobStage.Expired) return JobStatus.Expired;
        if (openChallenges(self) != 0) return JobStatus.Challenged;
        return timestamp < finalAt(self) ? JobStatus.Answered : JobStatus.Final;
    }

    function requestedAt(JobSlot self) internal pure returns (uint256) {
        return _low(JobSlot.unwrap(self) >> 212, 40);
    }

    function requestedBlock(JobSlot self) internal pure returns (uint256) {
        return _low(JobSlot.unwrap(self) >> 172, 40);
    }

    function terms(JobSlot self) internal pure returns (Terms) {
        return Terms.wrap(uint176(_low(JobSlot.unwrap(self), 172)));
    }

    function seatUntil(JobSlot self) internal pure returns (uint64) {
        return uint64(_low(JobSlot.unwrap(self) >> 132, 40));
    }

    function finalAt(JobSlot self) internal pure returns (uint64) {
        return uint64(_low(JobSlot.unwrap(self) >> 200, 40));
    }

    function openChallenges(JobSlot self) internal pure returns (uint256) {
        return _low(JobSlot.unwrap(self) >> 240, 12);
    }

    /// @dev Whether it can still be answered, as far as the clock lets.
    function isUnanswered(JobSlot self) internal pure returns (bool) {
        uint256 stage_ = JobSlot.unwrap(self) >> 252;
        return stage_ == uint256(JobStage.Open) || stage_ == uint256(JobStage.Committed);
    }

    /// @dev Whether there is an answer to check, whatever became of it.
    function isAnswered(JobSlot self) internal pure returns (bool) {
        JobStage stage_ = stage(self);
        return stage_ >= JobStage.Answered && stage_ <= JobStage.Refuted;
    }

    function isSealed(JobSlot self, bytes32 seal) internal pure returns (bool) {
        return _low(JobSlot.unwrap(self) ^ uint256(seal), 132) == 0;
    }

    function holds(JobSlot self, bytes32 digest) internal pure returns (bool) {
        return _low(JobSlot.unwrap(self) ^ uint256(digest), 200) == 0;
    }

    /// @dev Whether there is an answer that can never be refuted any more and is not settled.
    function isSettleable(JobSlot self, uint256 timestamp) internal pure returns (bool) {
        // Answered, and no open challenges.
        return JobSlot.unwrap(self) >> 240 == ANSWERED >> 240 && timestamp >= finalAt(self);
    }

    function _low(uint256 word, uint256 bits) private pure returns (uint256) {
        // bits < 256.
        unchecked {
            return word & ((1 << bits) - 1);
        }
    }
}
