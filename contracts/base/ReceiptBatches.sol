// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReceiptLedger} from "../interfaces/IReceiptLedger.sol";
import {BatchHash} from "../libraries/BatchHash.sol";
import {BatchSlot, BatchSlotLib} from "../libraries/BatchSlot.sol";
import {Outcomes} from "../libraries/Outcomes.sol";
import {Pledge} from "../libraries/Pledge.sol";
import {PostingLog} from "../libraries/PostingLog.sol";
import {SignatureCheck} from "../libraries/SignatureCheck.sol";
import {Tab} from "../libraries/Tab.sol";
import {VoucherHash} from "../libraries/VoucherHash.sol";
import {Authority, Batch, BatchLib, Collection, CollectionStatus, Posting} from "../types/Batch.sol";
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
        Book storage book = _books[operator];
        bool isActor = msg.sender == operator || block.timestamp < book.signerUntil[msg.sender];
        require(isActor, NotOperator(msg.sender, operator));
        require((posting.root == 0) == (posting.count == 0), RootMismatch(posting.root, posting.count));
        number = BatchLib.numberOf(block.timestamp, posting.index);
        Place storage place = book.ring[uint24(number)];
        _requireFree(place.slot, uint24(number));

        uint256[] memory outcomes = Outcomes.create(collections.length);
        uint256 amount = _collectAll(book, operator, collections, authorities, outcomes);
        _reserve(book, operator, amount);

        bytes32 digest = BatchHash.hash(operator, number, posting, outcomes.hash(), amount);
        place.slot = BatchSlotLib.settled(block.timestamp, digest);
        PostingLog.emitSettled(BatchSettled.selector, operator, number, posting, outcomes);
    }

    /// @inheritdoc IReceiptLedger
    function release(Batch calldata batch) external {
        BatchSlot slot = _slotOf(batch);
        (address operator, uint64 number) = (batch.operator, batch.number);
        require(!slot.isReleased(), AlreadyReleased(operator, number));
        uint64 releaseAt = batch.settledAt() + uint64(RELEASE_WINDOW);
        require(block.timestamp >= releaseAt, NotReleasable(operator, number, releaseAt, _timestamp()));

        address to = STAKING.payoutOf(operator);
        Book storage book = _books[operator];
        book.ring[batch.index()].slot = slot.release();
        book.pledge = book.pledge.release(_reservation(batch.amount));
        emit BatchReleased(operator, number, to, batch.amount);

        if (batch.amount != 0) ESCROW.pay(to, batch.amount);
    }

    /* INTERNAL */

    function _collectAll(
        Book storage book,
        address operator,
        Collection[] calldata collections,
        Authority[] calldata authorities,
        uint256[] memory outcomes
    ) internal returns (uint256 sum) {
        bytes32 domain = _domainSeparatorV4();
        for (uint256 i = 0; i < collections.length; ++i) {
            Collection calldata collection = collections[i];
            CollectionStatus status = _consent(operator, collection, authorities, domain);
            uint256 amount = 0;
            if (status == CollectionStatus.Collected) (status, amount) = _collect(book, collection);
            // Amounts come out of tabs, each below 2^96.
            unchecked {
                sum += amount;
            }
            outcomes.set(i, collection.place, status, amount, collection.cumulativeFee());
        }
    }

    function _collect(
        Book storage book,
        Collection calldata collection
    ) internal returns (CollectionStatus, uint256 amount) {
        (address payer, uint256 cumulativeFee) = (collection.payer(), collection.cumulativeFee());
        Channel storage channel = book.channels[payer];
        Tab tab = channel.tab;
        uint256 spent = tab.spent();
        if (cumulativeFee <= spent) return (CollectionStatus.NothingDue, 0);
        if (cumulativeFee > tab.funded()) return (CollectionStatus.TabShort, 0);
        uint64 thawedAt = tab.thawedAt();
        if (thawedAt != 0 && block.timestamp >= thawedAt) return (CollectionStatus.TabEnded, 0);

        channel.tab = tab.spend(cumulativeFee);
        // cumulativeFee > spent.
        unchecked {
            return (CollectionStatus.Collected, cumulativeFee - spent);
        }
    }

    /// @dev Counts a batch in which `amount` waits, and holds as much of the pledge as it can cost.
    function _reserve(Book storage book, address operator, uint256 amount) internal {
        Pledge state = book.pledge;
        uint256 reserved = _reservation(amount);
        uint256 needed;
        // The pledge's part is below 2^96.
        unchecked {
            needed = state.reserved() + reserved;
        }
        require(needed <= state.pledged(), InsufficientPledge(operator, state.pledged(), needed));

        book.pledge = state.settle(reserved);
    }

    /// @dev A batch keeps its slot as long as one of its receipts may have to be opened in it.
    function _requireFree(BatchSlot slot, uint24 index) internal view {
        if (slot.isEmpty()) return;
        uint256 freeAt;
        // A time and three intervals of 32 bits.
        unchecked {
            freeAt = slot.settledAt() + HORIZON + DEMAND_WINDOW + RESPONSE_WINDOW;
        }
        bool isFree = slot.isReleased() && block.timestamp >= freeAt;
        require(isFree, SlotBusy(index, slot.isReleased(), uint64(freeAt), _timestamp()));
    }

    /// @dev Whether the payer agreed to the collection; `Collected` if so.
    function _consent(
        address operator,
        Collection calldata collection,
        Authority[] calldata authorities,
        bytes32 domain
    ) internal view returns (CollectionStatus) {
        (address payer, uint256 cap) = (collection.payer(), collection.cap());
        if (collection.cumulativeFee() > cap) return CollectionStatus.CapExceeded;
        bytes32 digest = VoucherHash.hashTyped(payer, operator, cap, domain);
        uint256 number = collection.authority();
        if (number == 0) {
            bool isSigned = SignatureCheck.isSignedByKey(payer, digest, collection.r, collection.vs);
            return isSigned ? CollectionStatus.Collected : CollectionStatus.NotSigned;
        }
        if (number > authorities.length) return CollectionStatus.NotSigned;
        return _consentBy(authorities[number - 1], operator, collection, digest);
    }

    /// @dev The same for a voucher that the payer's own key did not sign.
    function _consentBy(
        Authority calldata authority,
        address operator,
        Collection calldata collection,
        bytes32 digest
    ) internal view returns (CollectionStatus) {
        address payer = collection.payer();
        if (authority.key == address(0)) {
            bool isSigned = SignatureCheck.isSignedBy(payer, digest, authority.signature);
            return isSigned ? CollectionStatus.Collected : CollectionStatus.NotSigned;
        }
        if (authority.operator != address(0) && authority.operator != operator) return CollectionStatus.SessionRefused;
        if (block.timestamp >= authority.expiry) return CollectionStatus.SessionRefused;
        if (collection.cumulativeFee() > authority.cap) return CollectionStatus.SessionRefused;
        if (!_isSession(payer, authority)) return CollectionStatus.NotSigned;
        bool isSigned_ = SignatureCheck.isSignedByKey(authority.key, digest, collection.r, collection.vs);
        return isSigned_ ? CollectionStatus.Collected : CollectionStatus.NotSigned;
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
}
