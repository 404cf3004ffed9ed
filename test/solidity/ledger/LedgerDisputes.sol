// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DisputeState} from "../../../contracts/interfaces/IReceiptLedger.sol";
import {LedgerHandler} from "./LedgerHandler.sol";
import {Issued, Settled} from "./LedgerWorld.sol";

/// @title LedgerDisputes
/// @notice Everybody tries every penalty on every receipt. Whoever strikes is the outsider.
contract LedgerDisputes is LedgerHandler {
    /// @notice How often each penalty struck: 0 equivocation, 1 overcharge, 2 omission, 3 refutation; 4 refunds, 5 openings.
    uint256[6] public counts;
    /// @notice How often a receipt was struck by each, or refunded; overcharges by receipt and batch.
    mapping(bytes32 id => mapping(uint256 penalty => uint256)) public strikesOf;
    /// @notice The most often that any of these happened to one receipt.
    uint256 public worst;
    /// @notice What went back to payers out of batches.
    mapping(uint256 operator => mapping(uint256 payer => uint256)) public refundedOf;

    function equivocate(uint256 seed) external action(seed) {
        (Issued memory first, Issued memory second) = (_receipt(), _receipt());
        bool isNew = !LEDGER.disputeOf(first.id).equivocated;
        VM.prank(OUTSIDER);
        LEDGER.proveEquivocation(_signed(first), _signed(second));
        _count(isNew ? _word(first) : _word(second), 0);
    }

    function overcharge(uint256 seed) external action(seed) {
        Issued memory issued = _receipt();
        uint256 place = _pick(_settled.length);
        Settled storage settled = _settled[place];
        uint256 outcome = _pick(PAYERS);
        uint256 before = _balanceOf(issued.receipt.payer);
        VM.prank(OUTSIDER);
        LEDGER.proveOvercharge(_signed(issued), settled.batch, settled.outcomes, outcome);
        _count(keccak256(abi.encode(issued.id, place)), 1);
        _recordRefund(settled, outcome, _balanceOf(issued.receipt.payer) - before);
    }

    function demand(uint256 seed) external action(seed) {
        Issued memory issued = _receipt();
        VM.prank(_pick(2) == 0 ? OUTSIDER : payerAt(0));
        LEDGER.demand(_signed(issued));
    }

    function open(uint256 seed) external action(seed) {
        this.openAt(_pick(_issued.length));
        ++counts[5];
    }

    function omit(uint256 seed) external action(seed) {
        Issued memory issued = _receipt();
        LEDGER.proveOmission(issued.receipt);
        _count(_word(issued), 2);
    }

    /// @notice A verifier is trusted not to refute what is right, so it finds against the rogue operator only.
    function refute(uint256 seed) external action(seed) {
        Issued memory issued = _receipt();
        require(issued.receipt.operator != operatorAt(0), "a right claim");
        LEDGER.refute(abi.encode(_signed(issued), _claimOf(issued.receipt.operator)), OUTSIDER);
        _count(_word(issued), 3);
    }

    function refund(uint256 seed) external action(seed) {
        Issued memory issued = _struck();
        uint256 outcome = issued.receipt.payer == payerAt(0) ? 0 : 1;
        Settled storage settled = _payingBatch(issued, outcome);
        uint256 before = _balanceOf(issued.receipt.payer);
        VM.prank(_pick(2) == 0 ? OUTSIDER : issued.receipt.payer);
        LEDGER.refund(issued.receipt, settled.batch, settled.outcomes, outcome);
        _count(_word(issued), 4);
        _recordRefund(settled, outcome, _balanceOf(issued.receipt.payer) - before);
        // Chance would seldom try the same one again while there is money left.
        VM.prank(issued.receipt.payer);
        try LEDGER.refund(issued.receipt, settled.batch, settled.outcomes, outcome) {
            _count(_word(issued), 4);
        } catch {}
    }

    /// @notice Ends whatever is pending, as an outsider can.
    function endAll() external {
        VM.warp(_now += 1_000);
        for (uint256 i = 0; i < _issued.length; ++i) {
            DisputeState memory dispute = LEDGER.disputeOf(_issued[i].id);
            if (dispute.deadline != 0) LEDGER.proveOmission(_issued[i].receipt);
        }
        for (uint256 i = 0; i < _settled.length; ++i) {
            if (!_settled[i].isReleased) LEDGER.release(_settled[i].batch);
            _settled[i].isReleased = true;
        }
        for (uint256 i = 0; i < OPERATORS * PAYERS; ++i) _close(payerAt(i % PAYERS), operatorAt(i / PAYERS));
    }

    function _close(address payer, address operator) internal {
        bool isEmpty = LEDGER.tabOf(payer, operator).funded == LEDGER.tabOf(payer, operator).spent;
        if (LEDGER.tabOf(payer, operator).thawedAt == 0) {
            if (isEmpty) return;
            VM.prank(payer);
            LEDGER.thaw(operator);
            VM.warp(_now += _terms.tabThaw);
        }
        LEDGER.close(payer, operator);
    }

    function _recordRefund(Settled storage settled, uint256 outcome, uint256 amount) internal {
        if (amount == 0) return;
        refundedOf[_indexOf(settled.batch.operator)][outcome] += amount;
        settled.outcomes[2 * outcome + 1] -= amount << 128;
        settled.batch.amount -= uint128(amount);
        settled.batch.outcomesHash = keccak256(abi.encodePacked(settled.outcomes));
        (bool known, ) = LEDGER.batchStatus(settled.batch);
        if (!known) ++lost;
    }

    function _count(bytes32 id, uint256 penalty) internal {
        ++counts[penalty];
        uint256 strikes = ++strikesOf[id][penalty];
        if (strikes > worst) worst = strikes;
    }

    function _balanceOf(address payer) internal view returns (uint256) {
        return ESCROW.balanceOf(payer, address(LEDGER));
    }

    /// @dev A receipt that a penalty struck, if there is one.
    function _struck() internal returns (Issued memory) {
        uint256 start = _pick(_issued.length);
        for (uint256 i = 0; i < _issued.length; ++i) {
            Issued memory issued = _issued[(start + i) % _issued.length];
            DisputeState memory dispute = LEDGER.disputeOf(issued.id);
            if (dispute.equivocated || dispute.omitted || dispute.refuted) return issued;
        }
        return _issued[start];
    }

    /// @dev A batch that collected at the receipt or later, if there is one.
    function _payingBatch(Issued memory issued, uint256 outcome) internal returns (Settled storage) {
        uint256 start = _pick(_settled.length);
        for (uint256 i = 0; i < _settled.length; ++i) {
            Settled storage settled = _settled[(start + i) % _settled.length];
            uint256 amounts = settled.outcomes[2 * outcome + 1];
            bool isPaid = amounts >> 128 != 0 && uint128(amounts) >= issued.receipt.cumulativeFee;
            if (isPaid && settled.batch.operator == issued.receipt.operator) return settled;
        }
        return _settled[start];
    }

    function _receipt() internal returns (Issued memory) {
        return _issued[_pick(_issued.length)];
    }
}
