// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {Exposure, IJobMarket} from "../interfaces/IJobMarket.sol";
import {CalldataHash} from "../libraries/CalldataHash.sol";
import {GasCappedCall} from "../libraries/GasCappedCall.sol";
import {JobSlot, JobStage} from "../libraries/JobSlot.sol";
import {Claim, ModelVersionId} from "../types/Claim.sol";
import {JobId, JobStatus, Settlement} from "../types/Job.sol";
import {JobBook} from "./JobBook.sol";

/// @title JobSettlements
/// @notice Money and results out of the market. Nothing here can be stopped by anybody.
abstract contract JobSettlements is JobBook {
    using CalldataHash for Settlement;
    using SafeCast for uint256;

    /// @dev Credits not yet made: neighbours in a list that share a payer, or an operator and a model, are credited once.
    struct Tally {
        address payer;
        uint256 refund;
        ModelVersionId model;
        address operator;
        uint256 earned;
        uint256 released;
        uint256 protocolFee;
        uint256 settled;
    }

    /* SETTLING */

    /// @inheritdoc IJobMarket
    function claimMany(JobId[] calldata ids, Settlement[] calldata settlements) external returns (uint256 settled) {
        require(ids.length == settlements.length, LengthMismatch(ids.length, settlements.length));

        Tally memory tally;
        for (uint256 i = 0; i < ids.length; ++i) {
            JobSlot slot = _slots[ids[i]];
            if (slot.stage() != JobStage.Answered || !slot.isFinal(block.timestamp)) continue;
            if (slot.holds(settlements[i].hashCalldata(ids[i]))) _settle(ids[i], slot, settlements[i], tally);
        }
        _creditPayer(tally);
        _creditOperator(tally);
        _creditProtocol(tally);
        return tally.settled;
    }

    /// @inheritdoc IJobMarket
    function claim(JobId id, Settlement calldata settlement) external {
        JobSlot slot = _answeredSlot(id, settlement);
        JobStage stage = slot.stage();
        require(stage != JobStage.Settled, AlreadySettled(id));
        require(stage != JobStage.Refuted, NotAnswered(id, JobStatus.Refuted));
        require(slot.isFinal(block.timestamp), NotFinal(id, statusOf(id), slot.finalAt(), _timestamp()));

        Tally memory tally;
        _settle(id, slot, settlement, tally);
        _creditPayer(tally);
        _creditOperator(tally);
        _creditProtocol(tally);
    }

    /// @inheritdoc IJobMarket
    function collect(address operator, ModelVersionId[] calldata models) external returns (uint256 amount) {
        address to = STAKING.payoutOf(operator);
        for (uint256 i = 0; i < models.length; ++i) {
            Exposure storage exposure = _exposures[models[i]][operator];
            uint256 earned = exposure.earned;
            if (earned == 0) continue;

            exposure.earned = 0;
            amount += earned;
            emit EarningsCollected(operator, models[i], to, earned);
        }
        if (amount != 0) ESCROW.pay(to, amount);
    }

    /// @inheritdoc IJobMarket
    function deliver(
        Settlement calldata settlement,
        Claim calldata claim_,
        bytes calldata output
    ) external returns (bool success) {
        JobId id = JobId.wrap(claim_.requestId);
        JobSlot slot = _answeredSlot(id, settlement);
        require(slot.stage() != JobStage.Refuted, NotAnswered(id, JobStatus.Refuted));
        _requireClaim(settlement, claim_);
        bytes32 outputHash = keccak256(output);
        require(outputHash == claim_.outputHash, OutputMismatch(id, outputHash, claim_.outputHash));
        require(settlement.callback != address(0), NoCallback(id));

        bytes memory data = abi.encodeCall(IInferenceCallback.onInference, (id, claim_, output, statusOf(id)));
        (uint256 available, uint256 needed) = (gasleft(), GasCappedCall.gasNeeded(settlement.callbackGas));
        require(available >= needed, InsufficientCallbackGas(available, needed));
        success = GasCappedCall.tryCall(settlement.callback, settlement.callbackGas, data);
        emit CallbackAttempted(id, settlement.callback, success);
    }

    /* INTERNAL */

    function _settle(JobId id, JobSlot slot, Settlement calldata settlement, Tally memory tally) internal {
        uint128 refund = settlement.escrowed - settlement.fee - settlement.protocolFee;
        _slots[id] = slot.moved(JobStage.Settled);
        emit JobSettled(id, settlement.operator, settlement.fee, refund);

        if (tally.payer != settlement.payer) {
            _creditPayer(tally);
            (tally.payer, tally.refund) = (settlement.payer, 0);
        }
        if (
            tally.operator != settlement.operator ||
            ModelVersionId.unwrap(tally.model) != ModelVersionId.unwrap(settlement.model)
        ) {
            _creditOperator(tally);
            (tally.operator, tally.model) = (settlement.operator, settlement.model);
            (tally.earned, tally.released) = (0, 0);
        }
        tally.refund += refund;
        tally.earned += settlement.fee;
        tally.released += settlement.reserved;
        tally.protocolFee += settlement.protocolFee;
        ++tally.settled;
    }

    function _creditPayer(Tally memory tally) internal {
        if (tally.refund != 0) ESCROW.credit(tally.payer, tally.refund);
    }

    function _creditOperator(Tally memory tally) internal {
        if (tally.operator == address(0)) return;
        Exposure storage exposure = _exposures[tally.model][tally.operator];
        Exposure memory before = exposure;
        (exposure.reserved, exposure.earned) = (
            (before.reserved - tally.released).toUint128(),
            (before.earned + tally.earned).toUint128()
        );
    }

    function _creditProtocol(Tally memory tally) internal {
        if (tally.protocolFee != 0) _protocolFees += tally.protocolFee.toUint128();
    }
}
