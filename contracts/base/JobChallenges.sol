// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimSource} from "../interfaces/IClaimSource.sol";
import {JobSlot, JobSlotLib, JobStage} from "../libraries/JobSlot.sol";
import {StructWords} from "../libraries/StructWords.sol";
import {Claim, ModelVersionId} from "../types/Claim.sol";
import {JobId, JobStatus, Settlement} from "../types/Job.sol";
import {JobBook} from "./JobBook.sol";

/// @title JobChallenges
/// @notice The verifiers' half of the market.
abstract contract JobChallenges is JobBook {
    using StructWords for bytes;

    /* CHALLENGING */

    /// @inheritdoc IClaimSource
    function suspend(bytes calldata context) external {
        (JobId id, JobSlot slot, Settlement calldata settlement) = _challengeable(context);
        _requireVerifier(settlement);
        uint256 open = slot.openChallenges() + 1;
        require(open <= JobSlotLib.MAX_CHALLENGES, TooManyChallenges(id, JobSlotLib.MAX_CHALLENGES));

        _slots[id] = slot.challenged(open, slot.finalAt());
        emit JobSuspended(id, open);
    }

    /// @inheritdoc IClaimSource
    function resume(bytes calldata context, uint64 until) external {
        (JobId id, JobSlot slot, Settlement calldata settlement) = _challengeable(context);
        _requireVerifier(settlement);
        uint256 open = slot.openChallenges();
        require(open != 0, NothingSuspended(id));

        // No verifier can put finality off by more than a whole window at a time.
        uint64 latest = _timestamp() + MAX_CHALLENGE_WINDOW;
        uint64 finalAt_ = slot.finalAt();
        if (until > latest) until = latest;
        if (until > finalAt_) finalAt_ = until;
        _slots[id] = slot.challenged(open - 1, finalAt_);
        emit JobResumed(id, open - 1, finalAt_);
    }

    /// @inheritdoc IClaimSource
    function refute(bytes calldata context, address refuter) external {
        (JobId id, JobSlot slot, Settlement calldata settlement) = _challengeable(context);
        _requireVerifier(settlement);
        (ModelVersionId model, address operator) = (settlement.model, settlement.operator);

        _slots[id] = slot.moved(JobStage.Refuted);
        _accounts[model][operator] = _accounts[model][operator].release(settlement.reserved);

        bytes32 reason = _hashTypedDataV4(settlement.claimHash);
        uint256 slashed = STAKING.slash(model, operator, settlement.reserved, refuter, reason);
        emit JobRefuted(id, operator, refuter, settlement.escrowed, slashed);
        ESCROW.credit(settlement.payer, settlement.escrowed);
    }

    /* VIEWS */

    /// @inheritdoc IClaimSource
    function challengeable(
        bytes calldata context
    ) external view returns (bytes32, Claim memory claim_, uint64 challengeUntil) {
        (, , Settlement calldata settlement) = _challengeable(context);
        (, claim_) = context.split();
        return (_hashTypedDataV4(settlement.claimHash), claim_, settlement.challengeUntil);
    }

    /// @inheritdoc IClaimSource
    function refuted(bytes calldata context) external view returns (bytes32) {
        (JobId id, JobSlot slot, Settlement calldata settlement) = _answerIn(context);
        if (slot.stage() != JobStage.Refuted) revert NotRefuted(id, statusOf(id));
        return _hashTypedDataV4(settlement.claimHash);
    }

    /* INTERNAL */

    function _challengeable(
        bytes calldata context
    ) internal view returns (JobId id, JobSlot slot, Settlement calldata settlement) {
        (id, slot, settlement) = _answerIn(context);
        JobStage stage = slot.stage();
        require(stage != JobStage.Refuted, NotAnswered(id, JobStatus.Refuted));
        bool isFinal = stage == JobStage.Settled || slot.isSettleable(block.timestamp);
        require(!isFinal, AlreadyFinal(id, slot.finalAt()));
    }

    function _answerIn(
        bytes calldata context
    ) internal view returns (JobId id, JobSlot slot, Settlement calldata settlement) {
        uint256 expected = StructWords.CONTEXT_BYTES;
        require(context.length == expected, ContextMalformed(context.length, expected));
        Claim calldata claim_;
        (settlement, claim_) = context.split();
        id = JobId.wrap(claim_.requestId);
        slot = _answeredSlot(id, settlement);
        _requireClaim(settlement, claim_);
    }

    /// @dev The job chose the verifier, and the model's publisher accepted it: a requester can bring none of its own that
    /// slashes, nor one that never ends its challenge.
    function _requireVerifier(Settlement calldata settlement) internal view {
        require(msg.sender == settlement.verifier, NotVerifier(msg.sender, settlement.verifier));
        require(REGISTRY.rootOf(settlement.model, msg.sender) != 0, VerifierNotAccepted(settlement.model, msg.sender));
    }
}
