// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev Everything the market keeps of a job. The highest 4 bits are its `JobStage`; the rest depends on that, from high to low:
///
///     Open       requestedAt(40) requestedBlock(40)
///     Committed  requestedAt(40) requestedBlock(40) seatUntil(40) seal(132)
///     Answered   openChallenges(12) finalAt(40) digest(200); Settled and Refuted keep it, so that answers stay checkable
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
/// @notice Packs and reads the slot of a job. Times and block numbers are taken modulo 2^40, which neither will reach.
library JobSlotLib {
    uint256 internal constant MAX_CHALLENGES = (1 << 12) - 1;

    uint256 private constant STAGE_AT = 252;
    uint256 private constant REQUESTED_AT = 212;
    uint256 private constant REQUESTED_BLOCK = 172;
    uint256 private constant SEAT_UNTIL = 132;
    uint256 private constant CHALLENGES = 240;
    uint256 private constant FINAL_AT = 200;

    uint256 private constant SEAL_BITS = 132;
    uint256 private constant DIGEST_BITS = 200;
    uint256 private constant MASK_40 = (1 << 40) - 1;

    /* PACKING */

    function opened(uint256 requestedAt_, uint256 requestedBlock_) internal pure returns (JobSlot) {
        return
            JobSlot.wrap(
                _stage(JobStage.Open) |
                    ((requestedAt_ & MASK_40) << REQUESTED_AT) |
                    ((requestedBlock_ & MASK_40) << REQUESTED_BLOCK)
            );
    }

    function committed(JobSlot self, uint256 seatUntil_, bytes32 seal) internal pure returns (JobSlot) {
        uint256 request = (((JobSlot.unwrap(self) << 4) >> 4) >> REQUESTED_BLOCK) << REQUESTED_BLOCK;
        return
            JobSlot.wrap(
                _stage(JobStage.Committed) | request | ((seatUntil_ & MASK_40) << SEAT_UNTIL) | _low(seal, SEAL_BITS)
            );
    }

    function answered(uint256 finalAt_, bytes32 digest) internal pure returns (JobSlot) {
        return JobSlot.wrap(_stage(JobStage.Answered) | ((finalAt_ & MASK_40) << FINAL_AT) | _low(digest, DIGEST_BITS));
    }

    function expired() internal pure returns (JobSlot) {
        return JobSlot.wrap(_stage(JobStage.Expired));
    }

    /// @dev The slot of a committed job whose seat is open again.
    function reopened(JobSlot self) internal pure returns (JobSlot) {
        return opened(requestedAt(self), requestedBlock(self));
    }

    /// @dev The slot of an answered job in another stage, with its answer.
    function moved(JobSlot self, JobStage to) internal pure returns (JobSlot) {
        return JobSlot.wrap(_stage(to) | ((JobSlot.unwrap(self) << 4) >> 4));
    }

    /// @dev The slot of an answered job with other challenges and time of finality.
    function challenged(JobSlot self, uint256 open, uint256 finalAt_) internal pure returns (JobSlot) {
        uint256 digest = _low(bytes32(JobSlot.unwrap(self)), DIGEST_BITS);
        return
            JobSlot.wrap(
                _stage(JobStage.Answered) | (open << CHALLENGES) | ((finalAt_ & MASK_40) << FINAL_AT) | digest
            );
    }

    /* READING */

    function stage(JobSlot self) internal pure returns (JobStage) {
        return JobStage(JobSlot.unwrap(self) >> STAGE_AT);
    }

    function requestedAt(JobSlot self) internal pure returns (uint256) {
        return (JobSlot.unwrap(self) >> REQUESTED_AT) & MASK_40;
    }

    function requestedBlock(JobSlot self) internal pure returns (uint256) {
        return (JobSlot.unwrap(self) >> REQUESTED_BLOCK) & MASK_40;
    }

    function seatUntil(JobSlot self) internal pure returns (uint64) {
        return uint64((JobSlot.unwrap(self) >> SEAT_UNTIL) & MASK_40);
    }

    function finalAt(JobSlot self) internal pure returns (uint64) {
        return uint64((JobSlot.unwrap(self) >> FINAL_AT) & MASK_40);
    }

    function openChallenges(JobSlot self) internal pure returns (uint256) {
        return (JobSlot.unwrap(self) >> CHALLENGES) & MAX_CHALLENGES;
    }

    /// @dev Whether there is an answer to check, whatever became of it.
    function isAnswered(JobSlot self) internal pure returns (bool) {
        uint256 stage_ = JobSlot.unwrap(self) >> STAGE_AT;
        return stage_ >= uint256(JobStage.Answered) && stage_ <= uint256(JobStage.Refuted);
    }

    function isSealed(JobSlot self, bytes32 seal) internal pure returns (bool) {
        return _low(bytes32(JobSlot.unwrap(self)), SEAL_BITS) == _low(seal, SEAL_BITS);
    }

    function holds(JobSlot self, bytes32 digest) internal pure returns (bool) {
        return _low(bytes32(JobSlot.unwrap(self)), DIGEST_BITS) == _low(digest, DIGEST_BITS);
    }

    /// @dev Whether an answered job can never be refuted any more at `timestamp`.
    function isFinal(JobSlot self, uint256 timestamp) internal pure returns (bool) {
        return openChallenges(self) == 0 && timestamp >= finalAt(self);
    }

    function _stage(JobStage stage_) private pure returns (uint256) {
        return uint256(stage_) << STAGE_AT;
    }

    function _low(bytes32 word, uint256 bits) private pure returns (uint256) {
        return uint256(word) & ((1 << bits) - 1);
    }
}
