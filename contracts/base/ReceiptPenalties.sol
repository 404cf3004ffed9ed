// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReceiptLedger} from "../interfaces/IReceiptLedger.sol";
import {BatchSlot, BatchSlotLib} from "../libraries/BatchSlot.sol";
import {Outcomes} from "../libraries/Outcomes.sol";
import {ReceiptSlot, ReceiptSlotLib} from "../libraries/ReceiptSlot.sol";
import {Trees} from "../libraries/Trees.sol";
import {Batch} from "../types/Batch.sol";
import {Receipt, ReceiptId, SignedReceipt} from "../types/Receipt.sol";
import {ReceiptBook} from "./ReceiptBook.sol";

/// @title ReceiptPenalties
/// @notice A signed receipt is a liability: what it costs to sign two, to collect more, or to hide one.
abstract contract ReceiptPenalties is ReceiptBook {
    using Outcomes for uint256[];

    /* PENALTIES */

    /// @inheritdoc IReceiptLedger
    function proveEquivocation(SignedReceipt calldata first, SignedReceipt calldata second) external {
        (ReceiptId a, ReceiptId b) = (_bindingId(first), _bindingId(second));
        (Receipt calldata x, Receipt calldata y) = (first.receipt, second.receipt);
        require(ReceiptId.unwrap(a) != ReceiptId.unwrap(b), SameReceipt(a));
        bool isOnePlace = x.payer == y.payer && x.operator == y.operator && x.sequence == y.sequence;
        require(isOnePlace, DifferentChannels(a, b));
        _requireLiable(a, x.issuedAt > y.issuedAt ? x.issuedAt : y.issuedAt);
        (ReceiptSlot slotA, ReceiptSlot slotB) = (_disputes[a], _disputes[b]);
        // One of them may have been struck before: whoever strikes himself with two cheap ones shields no third.
        bool isProven = slotA.has(ReceiptSlotLib.EQUIVOCATED) && slotB.has(ReceiptSlotLib.EQUIVOCATED);
        require(!isProven, AlreadyProven(a));

        _disputes[a] = slotA.mark(ReceiptSlotLib.EQUIVOCATED);
        _disputes[b] = slotB.mark(ReceiptSlotLib.EQUIVOCATED);
        uint256 slashed = _slash(x.operator, x.fee > y.fee ? x.fee : y.fee, msg.sender, a);
        emit EquivocationProven(x.operator, x.payer, x.sequence, a, b, msg.sender, slashed);
    }

    /// @inheritdoc IReceiptLedger
    function proveOvercharge(
        SignedReceipt calldata signed,
        Batch calldata batch,
        uint256[] calldata outcomes,
        uint256 outcome
    ) external {
        ReceiptId id = _bindingId(signed);
        BatchSlot slot = _slotOf(batch);
        uint256[] memory list = _outcomesOf(batch, outcomes, outcome);
        Receipt calldata receipt = signed.receipt;
        bool isOnePlace =
            receipt.operator == batch.operator &&
                list.payerOf(outcome) == receipt.payer &&
                list.sequenceOf(outcome) == receipt.sequence;
        require(isOnePlace, OutcomeOfAnother(outcome, id));
        uint128 collected = list.cumulativeFeeOf(outcome);
        require(collected > receipt.cumulativeFee, NotOvercharged(id, collected, receipt.cumulativeFee));
        // From the batch on, not from the receipt: it is the collection that is wrong.
        _requireLiable(id, batch.settledAt());
        ReceiptId proven = ReceiptId.wrap(keccak256(abi.encode(id, batch.number)));
        require(!_disputes[proven].has(ReceiptSlotLib.OVERCHARGED), AlreadyProven(id));

        uint128 excess = collected - receipt.cumulativeFee;
        _disputes[proven] = _disputes[proven].mark(ReceiptSlotLib.OVERCHARGED);
        uint256 slashed = _slash(batch.operator, excess, msg.sender, id);
        emit OverchargeProven(id, batch.operator, batch.number, excess, msg.sender, slashed);
        if (!slot.isReleased()) _refund(id, batch, list, outcome, excess);
    }

    /// @inheritdoc IReceiptLedger
    function demand(SignedReceipt calldata signed) external {
        ReceiptId id = _bindingId(signed);
        uint64 issuedAt = signed.receipt.issuedAt;
        uint64 demandableAt = issuedAt + uint64(HORIZON);
        require(block.timestamp >= demandableAt, DemandTooEarly(id, demandableAt, _timestamp()));
        _requireLiable(id, issuedAt);
        ReceiptSlot slot = _disputes[id];
        require(!slot.has(ReceiptSlotLib.OMITTED), AlreadyProven(id));
        require(slot.deadline() == 0, AlreadyDemanded(id, slot.deadline()));

        uint64 deadline = _timestamp() + uint64(RESPONSE_WINDOW);
        _disputes[id] = slot.demand(msg.sender, deadline);
        emit ReceiptDemanded(id, signed.receipt.operator, msg.sender, deadline);

        ESCROW.debit(msg.sender, DEMAND_BOND);
    }

    /// @inheritdoc IReceiptLedger
    function open(Receipt calldata receipt, Batch calldata batch, uint64 leaf, bytes32[] calldata path) external {
        ReceiptId id = _idOf(receipt);
        ReceiptSlot slot = _demanded(id);
        uint64 deadline = slot.deadline();
        require(block.timestamp < deadline, DeadlinePassed(id, deadline, _timestamp()));
        require(batch.operator == receipt.operator, BatchMismatch(receipt.operator, batch.number));
        _slotOf(batch);
        bool isLeaf = leaf < batch.count && path.length == Trees.depth(batch.count);
        require(isLeaf, LeafOutOfRange(leaf, batch.count));
        bytes32 top = Trees.climb(Trees.leaf(ReceiptId.unwrap(id)), leaf, path);
        bytes32 root = Trees.root(Trees.RECEIPTS, batch.count, top);
        require(root == batch.root, PathMismatch(root, batch.root));

        _disputes[id] = slot.clear();
        emit ReceiptOpened(id, receipt.operator, batch.number, leaf);

        ESCROW.credit(receipt.operator, DEMAND_BOND);
    }

    /// @inheritdoc IReceiptLedger
    function proveOmission(Receipt calldata receipt) external {
        ReceiptId id = _idOf(receipt);
        ReceiptSlot slot = _demanded(id);
        uint64 deadline = slot.deadline();
        require(block.timestamp >= deadline, DeadlineNotPassed(id, deadline, _timestamp()));

        address demander = slot.demander();
        _disputes[id] = slot.clear().mark(ReceiptSlotLib.OMITTED);
        uint256 slashed = _slash(receipt.operator, receipt.fee, demander, id);
        emit OmissionProven(id, receipt.operator, demander, slashed);

        ESCROW.credit(demander, DEMAND_BOND);
    }

    /// @inheritdoc IReceiptLedger
    function refund(
        Receipt calldata receipt,
        Batch calldata batch,
        uint256[] calldata outcomes,
        uint256 outcome
    ) external {
        ReceiptId id = _idOf(receipt);
        ReceiptSlot dispute = _disputes[id];
        require(dispute.has(ReceiptSlotLib.WRONG), NotWrong(id));
        require(!dispute.has(ReceiptSlotLib.REFUNDED), AlreadyRefunded(id));
        require(!_slotOf(batch).isReleased(), AlreadyReleased(batch.operator, batch.number));
        uint256[] memory list = _outcomesOf(batch, outcomes, outcome);
        bool isPaid =
            receipt.operator == batch.operator &&
                list.payerOf(outcome) == receipt.payer &&
                receipt.cumulativeFee <= list.cumulativeFeeOf(outcome);
        require(isPaid, OutcomeOfAnother(outcome, id));
        // Only the payer settles for less, so that nobody can refund him out of next to nothing.
        uint128 left = list.amountOf(outcome);
        bool isEnough = left >= receipt.fee || msg.sender == receipt.payer;
        require(isEnough, RefundShort(id, left, receipt.fee));

        _disputes[id] = dispute.mark(ReceiptSlotLib.REFUNDED);
        _refund(id, batch, list, outcome, receipt.fee);
    }

    /* INTERNAL */

    /// @dev Gives up to `amount` of an outcome back to its payer, who never gets more than was collected from him.
    function _refund(
        ReceiptId id,
        Batch calldata batch,
        uint256[] memory outcomes,
        uint256 outcome,
        uint128 amount
    ) internal {
        uint128 left = outcomes.amountOf(outcome);
        if (amount > left) amount = left;
        if (amount == 0) return;

        address payer = outcomes.payerOf(outcome);
        outcomes.reduce(outcome, amount);
        Batch memory rest = batch;
        rest.outcomesHash = outcomes.hash();
        rest.amount -= amount;
        Book storage book = _books[batch.operator];
        book.ring[batch.index()].slot = BatchSlotLib.settled(batch.settledAt(), rest.hash());
        book.pledge = book.pledge.release(_reservation(batch.amount) - _reservation(rest.amount));
        emit ReceiptRefunded(id, payer, batch.operator, batch.number, outcome, amount);

        ESCROW.credit(payer, amount);
    }

    function _demanded(ReceiptId id) internal view returns (ReceiptSlot slot) {
        slot = _disputes[id];
        require(slot.deadline() != 0, NotDemanded(id));
    }

    function _requireLiable(ReceiptId id, uint64 since) internal view {
        uint64 endedAt = since + uint64(HORIZON + DEMAND_WINDOW);
        require(block.timestamp < endedAt, LiabilityEnded(id, endedAt, _timestamp()));
    }

    function _outcomesOf(
        Batch calldata batch,
        uint256[] calldata outcomes,
        uint256 outcome
    ) internal pure returns (uint256[] memory list) {
        list = outcomes;
        bytes32 given = list.hash();
        require(given == batch.outcomesHash, OutcomesMismatch(given, batch.outcomesHash));
        require(outcome < list.length / 2 && list.isCollected(outcome), OutcomeNotCollected(outcome));
    }
}
