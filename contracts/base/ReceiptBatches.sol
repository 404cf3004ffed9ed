// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {IReceiptLedger} from "../interfaces/IReceiptLedger.sol";
import {BatchSlot, BatchSlotLib} from "../libraries/BatchSlot.sol";
import {Outcomes} from "../libraries/Outcomes.sol";
import {Pledge} from "../libraries/Pledge.sol";
import {SignatureCheck} from "../libraries/SignatureCheck.sol";
import {Tab} from "../libraries/Tab.sol";
import {VoucherHash} from "../libraries/VoucherHash.sol";
import {Authority, Batch, Collection, CollectionStatus, Posting} from "../types/Batch.sol";
import {SessionKey} from "../types/Voucher.sol";
import {ReceiptBook} from "./ReceiptBook.sol";

/// @title ReceiptBatches
/// @notice From tabs through batches to operators.
abstract contract ReceiptBatches is ReceiptBook {
    using Outcomes for uint256[];

    /* BATCHES */

    /// @inheritdoc IReceiptLedger
    function settle(
        address operator,
        Posting calldata posting,
        Collection[] calldata collections,
        Authority[] calldata authorities
    ) external returns (uint64 number) {
        bool isActor = msg.sender == operator || block.timestamp < signerUntil[operator][msg.sender];
        require(isActor, NotOperator(msg.sender, operator));
        require((posting.root == 0) == (posting.count == 0), RootMismatch(posting.root, posting.count));
        _requireFree(operator, posting.index);

        uint256[] memory outcomes = new uint256[](2 * collections.length);
        uint256 amount = _collectAll(operator, collections, authorities, outcomes);
        Pledge state = _pledges[operator];
        uint256 reserved = amount == 0 ? 0 : penaltyOf(amount);
        uint256 needed = state.reserved() + reserved;
        require(needed <= state.pledged(), InsufficientPledge(operator, state.pledged(), needed));

        number = state.batches();
        _pledges[operator] = state.settle(reserved);
        // Both are below 2^96: they come out of tabs and out of a pledge.
        _post(operator, number, posting, outcomes, uint128(amount), uint128(reserved));
    }

    /// @inheritdoc IReceiptLedger
    function release(Batch calldata batch) external {
        BatchSlot slot = _slotOf(batch);
        (address operator, uint64 number) = (batch.operator, batch.number);
        require(!slot.isReleased(), AlreadyReleased(operator, number));
        uint64 releaseAt = batch.settledAt + uint64(RELEASE_WINDOW);
        require(block.timestamp >= releaseAt, NotReleasable(operator, number, releaseAt, _timestamp()));

        address to = STAKING.payoutOf(operator);
        _ring[operator][batch.index] = slot.release();
        _pledges[operator] = _pledges[operator].release(batch.reserved);
        emit BatchReleased(operator, number, to, batch.amount);

        if (batch.amount != 0) ESCROW.pay(to, batch.amount);
    }

    /* INTERNAL */

    function _collectAll(
        address operator,
        Collection[] calldata collections,
        Authority[] calldata authorities,
        uint256[] memory outcomes
    ) internal returns (uint256 sum) {
        bytes32 domain = _domainSeparatorV4();
        mapping(address payer => Tab) storage tabs = _tabs[operator];
        for (uint256 i = 0; i < collections.length; ++i) {
            Collection calldata collection = collections[i];
            CollectionStatus status = _consent(operator, collection, authorities, domain);
            uint256 amount = 0;
            if (status == CollectionStatus.Collected) (status, amount) = _collect(tabs, collection);
            // Amounts come out of tabs, each below 2^96.
            unchecked {
                sum += amount;
            }
            outcomes.set(i, collection.payer, status, collection.sequence, amount, collection.cumulativeFee);
        }
    }

    function _collect(
        mapping(address payer => Tab) storage tabs,
        Collection calldata collection
    ) internal returns (CollectionStatus, uint256 amount) {
        uint256 cumulativeFee = collection.cumulativeFee;
        address payer = collection.payer;
        Tab tab = tabs[payer];
        uint256 spent = tab.spent();
        if (cumulativeFee <= spent) return (CollectionStatus.NothingDue, 0);
        if (cumulativeFee > tab.funded()) return (CollectionStatus.TabShort, 0);
        uint64 thawedAt = tab.thawedAt();
        if (thawedAt != 0 && block.timestamp >= thawedAt) return (CollectionStatus.TabEnded, 0);

        tabs[payer] = tab.spend(cumulativeFee);
        // cumulativeFee > spent.
        unchecked {
            return (CollectionStatus.Collected, cumulativeFee - spent);
        }
    }

    function _post(
        address operator,
        uint64 number,
        Posting calldata posting,
        uint256[] memory outcomes,
        uint128 amount,
        uint128 reserved
    ) internal {
        Batch memory batch = Batch({
            operator: operator,
            index: posting.index,
            number: number,
            root: posting.root,
            count: posting.count,
            outcomesHash: outcomes.hash(),
            amount: amount,
            reserved: reserved,
            settledAt: _timestamp()
        });
        _ring[operator][posting.index] = BatchSlotLib.settled(block.timestamp, batch.hash());
        emit BatchSettled(
            operator,
            number,
            posting.root,
            posting.index,
            posting.count,
            amount,
            reserved,
            posting.dataHash,
            posting.uri,
            outcomes
        );
    }

    /// @dev A batch keeps its slot as long as one of its receipts may have to be opened in it.
    function _requireFree(address operator, uint32 index) internal view {
        BatchSlot slot = _ring[operator][index];
        if (slot.isEmpty()) return;
        uint64 freeAt = uint64(slot.settledAt() + HORIZON + DEMAND_WINDOW + RESPONSE_WINDOW);
        bool isFree = slot.isReleased() && block.timestamp >= freeAt;
        require(isFree, SlotBusy(index, slot.isReleased(), freeAt, _timestamp()));
    }

    /// @dev Whether the payer agreed to the collection; `Collected` if so.
    function _consent(
        address operator,
        Collection calldata collection,
        Authority[] calldata authorities,
        bytes32 domain
    ) internal view returns (CollectionStatus) {
        if (collection.cumulativeFee > collection.cap) return CollectionStatus.CapExceeded;
        (address payer, uint256 place) = (collection.payer, collection.authority);
        bytes32 digest = VoucherHash.hashTyped(payer, operator, collection.cap, domain);
        if (place == 0) return _signedByKey(payer, digest, collection);
        if (place > authorities.length) return CollectionStatus.NotSigned;

        Authority calldata authority = authorities[place - 1];
        if (authority.key == address(0)) {
            bool isSigned = SignatureCheck.isSignedBy(payer, digest, authority.signature);
            return isSigned ? CollectionStatus.Collected : CollectionStatus.NotSigned;
        }
        if (authority.operator != address(0) && authority.operator != operator) return CollectionStatus.SessionRefused;
        if (block.timestamp >= authority.expiry) return CollectionStatus.SessionRefused;
        if (collection.cumulativeFee > authority.cap) return CollectionStatus.SessionRefused;
        if (!_isSession(payer, authority)) return CollectionStatus.NotSigned;
        return _signedByKey(authority.key, digest, collection);
    }

    function _isSession(address payer, Authority calldata authority) internal view returns (bool) {
        SessionKey memory session = SessionKey(
            payer,
            authority.key,
            authority.operator,
            authority.cap,
            authority.expiry
        );
        return SignatureCheck.isSignedBy(payer, _hashTypedDataV4(session.hash()), authority.signature);
    }

    function _signedByKey(
        address key,
        bytes32 digest,
        Collection calldata collection
    ) internal pure returns (CollectionStatus) {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, collection.r, collection.vs);
        bool isSigned = failure == ECDSA.RecoverError.NoError && signer == key;
        return isSigned ? CollectionStatus.Collected : CollectionStatus.NotSigned;
    }
}
