// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Account} from "../libraries/Account.sol";
import {GasCappedCall} from "../libraries/GasCappedCall.sol";
import {JobSlot, JobStage} from "../libraries/JobSlot.sol";
import {SettlementWords, StructWords} from "../libraries/StructWords.sol";
import {Claim, ModelVersionId} from "../types/Claim.sol";
import {JobId, JobStatus, Settlement} from "../types/Job.sol";
import {JobBook} from "./JobBook.sol";

/// @title JobSettlements
/// @notice Money and results out of the market. Nothing here can be stopped by anybody.
abstract contract JobSettlements is JobBook {
    using StructWords for Settlement;

    /// @dev Credits not yet made: neighbours in a list that share a payer, or an operator and a model, are credited once.
    struct Tally {
        address payer;
        uint256 refund;
        ModelVersionId model;
        address operator;
        uint256 reserved;
        uint256 fee;
        uint256 protocolFee;
    }

    /* SETTLING */

    /// @inheritdoc IJobMarket
    function claimMany(JobId[] calldata ids, Settlement[] calldata settlements) external returns (uint256 settled) {
        require(ids.length == settlements.length, LengthMismatch(ids.length, settlements.length));

        Tally memory tally;
        for (uint256 i = 0; i < ids.length; ++i) {
            JobSlot slot = _slots[ids[i]];
            if (!slot.isSettleable(block.timestamp) || !slot.holds(settlements[i].hashStruct(ids[i]))) continue;
            SettlementWords calldata settlement = settlements[i].words();
            _add(tally, settlement, _settle(ids[i], slot, settlement));
            ++settled;
        }
        if (settled == 0) return 0;
        _creditOperator(tally.model, tally.operator, tally.reserved, tally.fee, tally.protocolFee);
        _creditPayer(tally.payer, tally.refund);
    }

    /// @inheritdoc IJobMarket
    function claim(JobId id, Settlement calldata settlement) external {
        JobSlot slot = _slots[id];
        if (!slot.isSettleable(block.timestamp)) _explain(id, slot);
        require(slot.holds(settlement.hashStruct(id)), SettlementMismatch(id));

        SettlementWords calldata words = settlement.words();
        uint256 refund = _settle(id, slot, words);
        _creditOperator(words.model, address(uint160(words.operator)), words.reserved, words.fee, words.protocolFee);
        _creditPayer(address(uint160(words.payer)), refund);
    }

    /// @inheritdoc IJobMarket
    function collect(address operator, ModelVersionId[] calldata models) external returns (uint256 amount) {
        address to = STAKING.payoutOf(operator);
        uint256 swept = 0;
        for (uint256 i = 0; i < models.length; ++i) {
            Account account = _accounts[models[i]][operator];
            uint256 earned = account.earned();
            if (earned == 0) continue;

            _accounts[models[i]][operator] = account.collected();
            amount += earned;
            swept += account.protocolFee();
            emit EarningsCollected(operator, models[i], to, earned);
        }
        if (swept != 0) protocolFees += swept;
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

    function _settle(JobId id, JobSlot slot, SettlementWords calldata settlement) internal returns (uint256 refund) {
        uint256 fee = settlement.fee;
        // The fee is at most what was escrowed.
        unchecked {
            refund = settlement.escrowed - fee - settlement.protocolFee;
        }
        _slots[id] = slot.moved(JobStage.Settled);
        emit JobSettled(id, address(uint160(settlement.operator)), uint128(fee), uint128(refund));
    }

    function _add(Tally memory tally, SettlementWords calldata settlement, uint256 refund) internal {
        ModelVersionId model = settlement.model;
        (address operator, address payer) = (address(uint160(settlement.operator)), address(uint160(settlement.payer)));
        if (tally.operator != operator || ModelVersionId.unwrap(tally.model) != ModelVersionId.unwrap(model)) {
            if (tally.operator != address(0)) {
                _creditOperator(tally.model, tally.operator, tally.reserved, tally.fee, tally.protocolFee);
            }
            (tally.model, tally.operator) = (model, operator);
            (tally.reserved, tally.fee, tally.protocolFee) = (0, 0, 0);
        }
        if (tally.payer != payer) {
            _creditPayer(tally.payer, tally.refund);
            (tally.payer, tally.refund) = (payer, 0);
        }
        // Sums of as many 96-bit amounts as fit into calldata.
        unchecked {
            tally.reserved += settlement.reserved;
            tally.fee += settlement.fee;
            tally.protocolFee += settlement.protocolFee;
            tally.refund += refund;
        }
    }

    function _creditOperator(
        ModelVersionId model,
        address operator,
        uint256 reserved,
        uint256 fee,
        uint256 protocolFee
    ) internal {
        mapping(address operator => Account) storage accounts = _accounts[model];
        (Account account, uint256 spilled) = accounts[operator].release(reserved).earn(fee, protocolFee);
        accounts[operator] = account;
        if (spilled != 0) protocolFees += spilled;
    }

    function _creditPayer(address payer, uint256 refund) internal {
        if (refund != 0) ESCROW.credit(payer, refund);
    }

    /// @dev Why a job cannot be settled.
    function _explain(JobId id, JobSlot slot) internal view {
        JobStatus status = slot.status(block.timestamp);
        require(slot.stage() != JobStage.Settled, AlreadySettled(id));
        require(slot.stage() == JobStage.Answered, NotAnswered(id, status));
        revert NotFinal(id, status, slot.finalAt(), _timestamp());
    }
}
