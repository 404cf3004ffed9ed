// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {JobSlotLib, JobStage} from "../libraries/JobSlot.sol";
import {SignatureCheck} from "../libraries/SignatureCheck.sol";
import {Job, JobId} from "../types/Job.sol";
import {JobBook} from "./JobBook.sol";

/// @title JobRequests
/// @notice The payer's half of the market.
abstract contract JobRequests is JobBook {
    /* CONSTANTS */

    uint32 internal constant MAX_TAU = 3600;

    /* REQUESTING */

    /// @inheritdoc IJobMarket
    function request(Job calldata job, bytes calldata input) external returns (JobId id) {
        require(msg.sender == job.payer, NotPayer(msg.sender, job.payer));

        id = jobId(job);
        if (_slots[id].stage() == JobStage.None) _open(id, job, input);
    }

    /// @inheritdoc IJobMarket
    function requestFor(Job calldata job, bytes calldata input, bytes calldata signature) external returns (JobId id) {
        id = jobId(job);
        if (_slots[id].stage() != JobStage.None) return id;

        require(SignatureCheck.isSignedBy(job.payer, JobId.unwrap(id), signature), SignatureInvalid(job.payer));
        _open(id, job, input);
    }

    /// @inheritdoc IJobMarket
    function expire(Job calldata job) external {
        JobId id = jobId(job);
        require(_slots[id].stage() == JobStage.Open, JobNotOpen(id, statusOf(id)));
        require(block.timestamp >= job.deadline, DeadlineNotReached(id, job.deadline, _timestamp()));

        _slots[id] = JobSlotLib.expired();
        emit JobExpired(id, job.feeMax);

        ESCROW.credit(job.payer, job.feeMax);
    }

    /* INTERNAL */

    function _open(JobId id, Job calldata job, bytes calldata input) internal {
        _requireTerms(job);

        _slots[id] = JobSlotLib.opened(block.timestamp, block.number);
        emit JobRequested(id, job.payer, job.model, job, input);

        ESCROW.debit(job.payer, job.feeMax);
    }

    function _requireTerms(Job calldata job) internal view {
        require(!requestsPaused, RequestsArePaused());
        uint32 current = currentParametersId;
        require(job.parametersId == current, ParametersNotCurrent(job.parametersId, current));

        require(job.feeMin <= job.feeMax && job.feeMax != 0, FeeRangeInvalid(job.feeMin, job.feeMax));
        require(job.tau != 0 && job.tau <= MAX_TAU, TauOutOfRange(job.tau, MAX_TAU));
        (uint64 earliest, uint64 latest) = (_timestamp() + 1, _timestamp() + MAX_ANSWER_WINDOW);
        require(earliest <= job.deadline && job.deadline <= latest, DeadlineOutOfRange(job.deadline, earliest, latest));
        bool isChallengeable = job.verifier != address(0);
        uint32 min = isChallengeable ? MIN_CHALLENGE_WINDOW : 0;
        uint32 max = isChallengeable ? MAX_CHALLENGE_WINDOW : 0;
        require(
            min <= job.challengeWindow && job.challengeWindow <= max,
            ChallengeWindowOutOfRange(job.challengeWindow, min, max)
        );
    }
}
