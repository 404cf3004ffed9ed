// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimSource} from "../interfaces/IClaimSource.sol";
import {ReceiptSlot, ReceiptSlotLib} from "../libraries/ReceiptSlot.sol";
import {Claim} from "../types/Claim.sol";
import {Receipt, ReceiptId, SignedReceipt} from "../types/Receipt.sol";
import {ReceiptBook} from "./ReceiptBook.sol";

/// @title ReceiptChallenges
/// @notice The verifiers' half of the ledger: a receipt's claim can be refuted whether or not the receipt is in a batch.
abstract contract ReceiptChallenges is ReceiptBook {
    /* CHALLENGING */

    /// @inheritdoc IClaimSource
    function suspend(bytes calldata context) external {
        (ReceiptId id, Receipt memory receipt, ) = _judged(context);
        ReceiptSlot slot = _disputes[id];
        uint256 open = slot.openChallenges() + 1;
        require(open <= ReceiptSlotLib.MAX_CHALLENGES, TooManyChallenges(id, ReceiptSlotLib.MAX_CHALLENGES));

        _disputes[id] = slot.challenge(open, _finalAt(slot, receipt.issuedAt));
        emit ClaimSuspended(id, open);
    }

    /// @inheritdoc IClaimSource
    function resume(bytes calldata context, uint64 until) external {
        (ReceiptId id, Receipt memory receipt, ) = _judged(context);
        ReceiptSlot slot = _disputes[id];
        uint256 open = slot.openChallenges();
        require(open != 0, NothingSuspended(id));

        // No verifier can put finality off by more than a whole window at a time.
        uint64 latest = _timestamp() + uint64(CHALLENGE_WINDOW);
        uint64 finalAt = _finalAt(slot, receipt.issuedAt);
        if (until > latest) until = latest;
        if (until > finalAt) finalAt = until;
        _disputes[id] = slot.challenge(open - 1, finalAt);
        emit ClaimResumed(id, open - 1, finalAt);
    }

    /// @inheritdoc IClaimSource
    function refute(bytes calldata context, address refuter) external {
        (ReceiptId id, Receipt memory receipt, ) = _judged(context);

        _disputes[id] = _disputes[id].mark(ReceiptSlotLib.REFUTED);
        uint256 slashed = _slash(receipt.operator, receipt.fee, refuter, id);
        emit ClaimRefuted(id, receipt.operator, msg.sender, refuter, slashed);
    }

    /* VIEWS */

    /// @inheritdoc IClaimSource
    function challengeable(
        bytes calldata context
    ) external view returns (bytes32 claimId, Claim memory claim, uint64 challengeUntil) {
        (ReceiptId id, Receipt memory receipt, Claim memory claim_) = _challengeable(context);
        return (ReceiptId.unwrap(id), claim_, receipt.issuedAt + uint64(CHALLENGE_WINDOW));
    }

    /// @inheritdoc IClaimSource
    function refuted(bytes calldata context) external view returns (bytes32 claimId) {
        (SignedReceipt memory signed, ) = abi.decode(context, (SignedReceipt, Claim));
        claimId = _hashTypedDataV4(signed.receipt.hash());
        ReceiptId id = ReceiptId.wrap(claimId);
        require(_disputes[id].has(ReceiptSlotLib.REFUTED), ClaimNotRefuted(id));
    }

    /* INTERNAL */

    /// @dev As `_challengeable`, for a caller that may judge the claim.
    function _judged(
        bytes calldata context
    ) internal view returns (ReceiptId id, Receipt memory receipt, Claim memory claim) {
        (id, receipt, claim) = _challengeable(context);
        bool isAccepted = REGISTRY.rootOf(claim.model, msg.sender) != bytes32(0);
        require(isAccepted, VerifierNotAccepted(claim.model, msg.sender));
    }

    function _challengeable(
        bytes calldata context
    ) internal view returns (ReceiptId id, Receipt memory receipt, Claim memory claim) {
        SignedReceipt memory signed;
        (signed, claim) = abi.decode(context, (SignedReceipt, Claim));
        receipt = signed.receipt;
        id = _bindingIdOf(receipt, signed.signature);
        bytes32 given = claim.hash();
        bool isClaim = given == receipt.claimHash && claim.operator == receipt.operator;
        require(isClaim, ClaimMismatch(given, receipt.claimHash));
        ReceiptSlot slot = _disputes[id];
        uint64 finalAt = _finalAt(slot, receipt.issuedAt);
        bool isOpen = slot.openChallenges() != 0 || block.timestamp < finalAt;
        require(isOpen && !slot.has(ReceiptSlotLib.REFUTED), ClaimFinal(id, finalAt, _timestamp()));
    }

    function _finalAt(ReceiptSlot slot, uint64 issuedAt) internal view returns (uint64) {
        uint64 end = issuedAt + uint64(CHALLENGE_WINDOW);
        return slot.until() > end ? slot.until() : end;
    }
}
