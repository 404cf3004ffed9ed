// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {JobSlotLib, JobStage} from "../libraries/JobSlot.sol";
import {SignatureCheck} from "../libraries/SignatureCheck.sol";
import {JobWords, StructWords} from "../libraries/StructWords.sol";
import {Terms} from "../libraries/Terms.sol";
import {Job, JobId} from "../types/Job.sol";
import {JobBook} from "./JobBook.sol";

/// @title JobRequests
/// @notice The payer's half of the market.
abstract contract JobRequests is JobBook {
    using StructWords for Job;

    /* CONSTANTS */

    uint256 internal constant MAX_TAU = 3600;
    uint256 internal constant MAX_FEE = type(uint96).max;

    /* REQUESTING */

    /// @inheritdoc IJobMarket
    function request(Job calldata job, bytes calldata input) external returns (JobId id) {
        if (job.words().payer != uint160(msg.sender)) revert NotPayer(msg.sender, job.payer);

        id = _idOf(job);
        if (_slots[id].isNone()) _open(id, job, input);
    }

    /// @inheritdoc IJobMarket
    function requestFor(Job calldata job, bytes calldata input, bytes calldata signature) external returns (JobId id) {
        id = _idOf(job);
        if (!_slots[id].isNone()) return id;

        require(SignatureCheck.isSignedBy(job.payer, JobId.unwrap(id), signature), SignatureInvalid(job.payer));
        _open(id, job, input);
    }

    /// @inheritdoc IJobMarket
    function expire(Job calldata job) external {
        JobId id = _idOf(job);
        if (_slots[id].stage() != JobStage.Open) revert JobNotOpen(id, statusOf(id));
        require(block.timestamp >= job.deadline, DeadlineNotReached(id, job.deadline, _timestamp()));

        _slots[id] = JobSlotLib.expired();
        emit JobExpired(id, job.feeMax);

        ESCROW.credit(job.payer, job.feeMax);
    }

    /* INTERNAL */

    function _open(JobId id, Job calldata job_, bytes calldata input) internal {
        JobWords calldata job = job_.words();
        (uint256 current, bool paused, Terms terms) = (currentParametersId, requestsPaused, _currentTerms);
        if (paused) revert RequestsArePaused();
        if (job.parametersId != current) revert ParametersNotCurrent(job_.parametersId, uint32(current));
        _requireValid(job);

        _slots[id] = JobSlotLib.opened(block.timestamp, block.number, terms);
        StructWords.logRequested(JobRequested.selector, id, job_, input);

        ESCROW.debit(address(uint160(job.payer)), job.feeMax);
    }

    /// @dev Also checks that every word fits its field: payer and parametersId are compared before, the rest here.
    function _requireValid(JobWords calldata job) internal view {
        // In wrapping arithmetic, x - 1 < max is 0 < x <= max.
        unchecked {
            (uint256 feeMin, uint256 feeMax) = (job.feeMin, job.feeMax);
            if (feeMin > feeMax) revert FeeRangeInvalid(uint128(feeMin), uint128(feeMax));
            if (feeMax - 1 >= MAX_FEE) revert FeeRangeInvalid(uint128(feeMin), uint128(feeMax));
            uint256 tau = job.tau;
            if (tau - 1 >= MAX_TAU) revert TauOutOfRange(uint32(tau), uint32(MAX_TAU));
            uint256 deadline = job.deadline;
            if (deadline - block.timestamp - 1 >= MAX_ANSWER_WINDOW) {
                revert DeadlineOutOfRange(uint64(deadline), _timestamp() + 1, _timestamp() + MAX_ANSWER_WINDOW);
            }
            uint256 verifier = job.verifier;
            (uint256 window, uint256 min, uint256 max) = (
                job.challengeWindow,
                MIN_CHALLENGE_WINDOW,
                MAX_CHALLENGE_WINDOW
            );
            if (verifier == 0) (min, max) = (0, 0);
            if (window - min > max - min) {
                revert ChallengeWindowOutOfRange(uint32(window), uint32(min), uint32(max));
            }
            if (((verifier | job.callback) >> 160) | ((job.ramp | job.callbackGas) >> 32) != 0) revert JobMalformed();
        }
    }
}
