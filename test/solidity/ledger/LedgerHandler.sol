// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TabState} from "../../../contracts/interfaces/IReceiptLedger.sol";
import {Trees} from "../../../contracts/libraries/Trees.sol";
import {Authority, Batch, BatchLib, Collection, CollectionStatus, Posting} from "../../../contracts/types/Batch.sol";
import {ModelVersionId} from "../../../contracts/types/Claim.sol";
import {Receipt, ReceiptId} from "../../../contracts/types/Receipt.sol";
import {TabOrder, Voucher} from "../../../contracts/types/Voucher.sol";
import {Issued, LedgerWorld, Settled} from "./LedgerWorld.sol";

/// @title LedgerHandler
/// @notice What payers and operators do in the ordinary course. The honest operator numbers its receipts and adds them up,
/// collects what they say, posts each of them long before the horizon, and opens what is demanded before time passes.
contract LedgerHandler is LedgerWorld {
    /// @notice Highest cap that the payer ever signed, by operator and payer.
    mapping(uint256 operator => mapping(uint256 payer => uint256)) public capOf;
    /// @notice What batches took out of tabs.
    mapping(uint256 operator => mapping(uint256 payer => uint256)) public collectedOf;
    /// @notice Slots of the ring that an operator used.
    mapping(uint256 operator => uint256) public slotsOf;
    /// @notice Batches whose digest is in no slot although it should be, or that were not settled as foreseen.
    uint256 public lost;
    /// @notice Times when the honest operator could not open what was demanded of it.
    uint256 public stuck;

    mapping(uint256 operator => mapping(uint256 payer => Receipt)) internal _lastOf;

    /// @dev One transaction in a block of its own. The runner may forget a warp, so every action sets the clock.
    modifier action(uint256 seed) {
        _entropy = uint256(keccak256(abi.encode(seed, _now)));
        VM.warp(_now);
        _;
        _watch();
    }

    /* PAYERS */

    function fund(uint256 seed) external action(seed) {
        (uint256 payer, address operator) = (_pick(PAYERS), operatorAt(_pick(OPERATORS)));
        TabState memory tab = LEDGER.tabOf(payerAt(payer), operator);
        uint128 total = tab.funded + uint128(1 + _pick(300));
        TabOrder memory order = TabOrder(payerAt(payer), operator, total, tab.epoch);
        bytes memory signature = _sign(KEYS + OPERATORS + payer, LEDGER.orderDigest(order));
        VM.prank(OUTSIDER);
        LEDGER.fund(order, signature);
    }

    function thaw(uint256 seed) external action(seed) {
        VM.prank(payerAt(_pick(PAYERS)));
        LEDGER.thaw(operatorAt(_pick(OPERATORS)));
    }

    function close(uint256 seed) external action(seed) {
        VM.prank(OUTSIDER);
        LEDGER.close(payerAt(_pick(PAYERS)), operatorAt(_pick(OPERATORS)));
    }

    /* OPERATORS */

    /// @notice Signs a receipt; the rogue operator's may be a twin of an earlier one, or cheaper than what it will collect.
    function serve(uint256 seed) public action(seed) {
        (uint256 operator, uint256 payer) = (_pick(OPERATORS), _pick(PAYERS));
        Receipt memory receipt = _lastOf[operator][payer];
        receipt.fee = uint128(1 + _pick(40));
        if (operator == 0 || _pick(3) != 0 || receipt.sequence == 0) {
            receipt.sequence += 1;
            receipt.cumulativeFee += receipt.fee;
        } else if (_pick(2) == 0) {
            receipt.cumulativeFee = uint128(_pick(receipt.cumulativeFee));
        }
        (receipt.payer, receipt.operator) = (payerAt(payer), operatorAt(operator));
        receipt.claimHash = _claimOf(receipt.operator).hash();
        receipt.issuedAt = uint64(_now);
        _lastOf[operator][payer] = receipt;
        Issued memory issued;
        issued.receipt = receipt;
        issued.id = LEDGER.receiptId(receipt);
        issued.signature = _sign(KEYS + operator, _word(issued));
        _issued.push(issued);
        uint256 cap = receipt.cumulativeFee + _pick(20);
        if (cap > capOf[operator][payer] && _pick(6) != 0) capOf[operator][payer] = cap;
    }

    function settle(uint256 seed) external action(seed) {
        _settle(_pick(OPERATORS));
    }

    function release(uint256 seed) external action(seed) {
        Settled storage settled = _settled[_pick(_settled.length)];
        LEDGER.release(settled.batch);
        settled.isReleased = true;
    }

    /// @notice The honest operator leaves its pledge where it covers all that payers can put into tabs at a time.
    function pledge(uint256 seed) external action(seed) {
        VM.prank(operatorAt(1));
        LEDGER.pledge(STAKE - _pick(STAKE / 2));
    }

    function thawStake(uint256 seed) external action(seed) {
        VM.prank(operatorAt(_pick(OPERATORS)));
        STAKING.thaw(address(LEDGER), ModelVersionId.wrap(0), 1 + _pick(STAKE / 4));
    }

    function pass(uint256 seed) external action(seed) {
        VM.warp(_now += 1 + _pick(9));
    }

    /// @notice Opens the receipt number `index`, as anybody can.
    function openAt(uint256 index) external {
        _open(index);
    }

    /* INTERNAL */

    /// @dev What the honest operator does before time passes again.
    function _watch() internal {
        for (uint256 i = 0; i < _issued.length; ++i) {
            Issued memory issued = _issued[i];
            if (issued.receipt.operator != operatorAt(0)) continue;
            if (!issued.isPosted && _now >= issued.receipt.issuedAt + 20) _settle(0);
            if (LEDGER.disputeOf(issued.id).deadline == 0) continue;
            // A call of its own, so that a failure is counted and not undone with what led to it.
            try this.openAt(i) {} catch {
                ++stuck;
            }
        }
    }

    function _open(uint256 index) internal {
        Issued memory issued = _issued[index];
        bytes32[] memory ids = _settled[issued.batch].ids;
        bytes32[] memory leaves = _leavesOf(ids);
        bytes32[] memory path = new bytes32[](ids.length - 1);
        if (path.length == 1) path[0] = leaves[1 - issued.leaf];
        LEDGER.open(issued.receipt, _settled[issued.batch].batch, issued.leaf, path);
    }

    /// @dev Up to two receipts and a collection from each payer.
    function _settle(uint256 operator) internal {
        uint256 place = _settled.length;
        bytes32[] memory ids = _takeUnposted(operator, place);
        Posting memory posting;
        posting.count = uint64(ids.length);
        if (ids.length != 0) {
            bytes32 top = Trees.top(_leavesOf(ids));
            posting.root = Trees.root(Trees.RECEIPTS, ids.length, top);
        }
        posting.index = _freeSlot(operator);
        Collection[] memory collections = new Collection[](PAYERS);
        uint256[] memory outcomes = new uint256[](2 * PAYERS);
        uint128 amount = 0;
        for (uint256 payer = 0; payer < PAYERS; ++payer) {
            bool isForged;
            (collections[payer], isForged) = _collection(operator, payer);
            uint256 taken = _foresee(operator, payer, collections[payer], isForged, outcomes);
            collectedOf[operator][payer] += taken;
            amount += uint128(taken);
        }
        VM.prank(operatorAt(operator));
        uint64 number = LEDGER.settle(operatorAt(operator), posting, collections, new Authority[](0));
        Settled storage settled = _settled.push();
        bytes32 outcomesHash = keccak256(abi.encodePacked(outcomes));
        settled.batch = Batch(operatorAt(operator), number, posting.root, posting.count, outcomesHash, amount);
        (settled.outcomes, settled.ids) = (outcomes, ids);
        (bool known, ) = LEDGER.batchStatus(settled.batch);
        if (!known || number != BatchLib.numberOf(_now, posting.index)) ++lost;
    }

    /// @dev The rogue operator leaves one in three out for good.
    function _takeUnposted(uint256 operator, uint256 batch) internal returns (bytes32[] memory ids) {
        uint256[2] memory chosen;
        uint256 count = 0;
        for (uint256 i = 0; i < _issued.length && count < 2; ++i) {
            Issued storage issued = _issued[i];
            if (issued.isPosted || issued.receipt.operator != operatorAt(operator)) continue;
            if (operator == 1 && uint256(_word(issued)) % 3 == 0) continue;
            (issued.isPosted, issued.batch, issued.leaf) = (true, batch, uint64(count));
            chosen[count++] = i;
        }
        ids = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) ids[i] = _word(_issued[chosen[i]]);
    }

    /// @dev The honest operator collects what its last receipt says; the rogue one what the payer's cap allows, or more.
    function _collection(
        uint256 operator,
        uint256 payer
    ) internal returns (Collection memory collection, bool isForged) {
        Receipt memory last = _lastOf[operator][payer];
        (uint256 cap, uint256 cumulativeFee) = (capOf[operator][payer], last.cumulativeFee);
        if (operator == 1 && _pick(2) == 0) cumulativeFee = _pick(cap + 20);
        isForged = operator == 1 && _pick(5) == 0;
        Voucher memory voucher = Voucher(payerAt(payer), operatorAt(operator), uint128(cap));
        uint256 key = KEYS + (isForged ? 1 : OPERATORS + payer);
        (collection.r, collection.vs) = _signCompact(key, LEDGER.voucherDigest(voucher));
        collection.place = (uint256(uint160(payerAt(payer))) << 96) | last.sequence;
        collection.fees = (cap << 128) | cumulativeFee;
    }

    /// @dev Writes the outcome that the rules ask for, and returns what is to be collected.
    function _foresee(
        uint256 operator,
        uint256 payer,
        Collection memory collection,
        bool isForged,
        uint256[] memory outcomes
    ) internal view returns (uint256 amount) {
        TabState memory tab = LEDGER.tabOf(payerAt(payer), operatorAt(operator));
        uint256 cumulativeFee = uint128(collection.fees);
        CollectionStatus status = CollectionStatus.Collected;
        if (cumulativeFee > collection.fees >> 128) status = CollectionStatus.CapExceeded;
        else if (isForged) status = CollectionStatus.NotSigned;
        else if (cumulativeFee <= tab.spent) status = CollectionStatus.NothingDue;
        else if (cumulativeFee > tab.funded) status = CollectionStatus.TabShort;
        else if (tab.thawedAt != 0 && _now >= tab.thawedAt) status = CollectionStatus.TabEnded;
        else amount = cumulativeFee - tab.spent;
        outcomes[2 * payer] = collection.place | (uint256(status) << 64);
        outcomes[2 * payer + 1] = (amount << 128) | cumulativeFee;
    }

    function _freeSlot(uint256 operator) internal returns (uint24) {
        uint256 retention = uint256(_terms.horizon) + _terms.demandWindow + _terms.responseWindow;
        for (uint256 slot = 0; slot < slotsOf[operator]; ++slot) {
            bool isFree = true;
            for (uint256 i = 0; i < _settled.length && isFree; ++i) {
                Settled storage settled = _settled[i];
                if (settled.batch.operator != operatorAt(operator) || uint24(settled.batch.number) != slot) continue;
                isFree = settled.isReleased && _now >= (settled.batch.number >> 24) + retention;
            }
            if (isFree) return uint24(slot);
        }
        return uint24(slotsOf[operator]++);
    }

    function _leavesOf(bytes32[] memory ids) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) leaves[i] = Trees.leaf(ids[i]);
    }

    function _word(Issued memory issued) internal pure returns (bytes32) {
        return ReceiptId.unwrap(issued.id);
    }
}
