// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReceiptLedger} from "../interfaces/IReceiptLedger.sol";
import {Pledge} from "../libraries/Pledge.sol";
import {SignatureCheck} from "../libraries/SignatureCheck.sol";
import {Tab} from "../libraries/Tab.sol";
import {TabOrder} from "../types/Voucher.sol";
import {ReceiptBook} from "./ReceiptBook.sol";

/// @title ReceiptTabs
/// @notice What stands behind a channel: the operator's signers and pledge, the payer's tab.
abstract contract ReceiptTabs is ReceiptBook {
    /* OPERATORS */

    /// @inheritdoc IReceiptLedger
    function setSigner(address signer, bool active) external {
        require(signer != address(0), ZeroAddress());
        uint64 until = type(uint64).max;
        if (!active) {
            require(signerUntil(msg.sender, signer) == until, NotSigner(msg.sender, signer));
            until = _timestamp() + uint64(SIGNER_DELAY);
        }

        _books[msg.sender].signerUntil[signer] = until;
        emit SignerSet(msg.sender, signer, until);
    }

    /// @inheritdoc IReceiptLedger
    function pledge(uint256 total) external {
        Pledge state = _books[msg.sender].pledge;
        uint256 reserved = state.reserved();
        require(total >= reserved, InsufficientPledge(msg.sender, total, reserved));
        uint256 active = STAKING.allocationOf(address(this), ALL_MODELS, msg.sender).active;
        require(total <= active, InsufficientStake(msg.sender, active, total));

        _books[msg.sender].pledge = state.pledge(total);
        emit StakePledged(msg.sender, total);
    }

    /* TABS */

    /// @inheritdoc IReceiptLedger
    function fund(TabOrder calldata order, bytes calldata signature) external {
        (address payer, address operator) = (order.payer, order.operator);
        require(operator != address(0), ZeroAddress());
        if (msg.sender != payer) {
            bytes32 digest = _hashTypedDataV4(order.hash());
            require(SignatureCheck.isSignedBy(payer, digest, signature), NotSigned(payer, digest));
        }
        Tab tab = _books[operator].channels[payer].tab;
        require(order.epoch == tab.epoch(), EpochMismatch(order.epoch, tab.epoch()));
        uint256 funded = tab.funded();
        require(order.total > funded, NothingToFund(order.total, funded));

        uint256 amount = order.total - funded;
        _books[operator].channels[payer].tab = tab.fund(order.total);
        emit TabFunded(payer, operator, amount, order.total);

        ESCROW.debit(payer, amount);
    }

    /// @inheritdoc IReceiptLedger
    function thaw(address operator) external {
        Tab tab = _books[operator].channels[msg.sender].tab;
        require(tab.funded() != tab.spent(), NothingInTab(msg.sender, operator));
        require(tab.thawedAt() == 0, AlreadyThawing(msg.sender, operator, tab.thawedAt()));

        uint64 thawedAt = _timestamp() + uint64(TAB_THAW);
        _books[operator].channels[msg.sender].tab = tab.thaw(thawedAt);
        emit TabThawed(msg.sender, operator, thawedAt);
    }

    /// @inheritdoc IReceiptLedger
    function close(address payer, address operator) external {
        Tab tab = _books[operator].channels[payer].tab;
        uint64 thawedAt = tab.thawedAt();
        bool thawed = thawedAt != 0 && block.timestamp >= thawedAt;
        require(thawed, NotThawed(payer, operator, thawedAt, _timestamp()));

        uint256 returned = tab.funded() - tab.spent();
        _books[operator].channels[payer].tab = tab.close();
        emit TabClosed(payer, operator, returned, tab.epoch() + 1);

        if (returned != 0) ESCROW.credit(payer, returned);
    }
}
