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
            require(signerUntil[msg.sender][signer] == until, NotSigner(msg.sender, signer));
            until = _timestamp() + uint64(SIGNER_DELAY);
        }

        signerUntil[msg.sender][signer] = until;
        emit SignerSet(msg.sender, signer, until);
    }

    /// @inheritdoc IReceiptLedger
    function pledge(uint256 total) external {
        Pledge state = _pledges[msg.sender];
        uint256 reserved = state.reserved();
        require(total >= reserved, InsufficientPledge(msg.sender, total, reserved));
        uint256 active = STAKING.allocationOf(address(this), ALL_MODELS, msg.sender).active;
        require(total <= active, InsufficientStake(msg.sender, active, total));

        _pledges[msg.sender] = state.pledge(total);
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
        Tab tab = _tabs[operator][payer];
        require(order.epoch == tab.epoch(), EpochMismatch(order.epoch, tab.epoch()));
        uint256 funded = tab.funded();
        require(order.total > funded, NothingToFund(order.total, funded));

        uint256 amount = order.total - funded;
        _tabs[operator][payer] = tab.fund(order.total);
        emit TabFunded(payer, operator, amount, order.total);

        ESCROW.debit(payer, amount);
    }

    /// @inheritdoc IReceiptLedger
    function thaw(address operator) external {
        Tab tab = _tabs[operator][msg.sender];
        require(tab.funded() != tab.spent(), NothingInTab(msg.sender, operator));
        require(tab.thawedAt() == 0, AlreadyThawing(msg.sender, operator, tab.thawedAt()));

        uint64 thawedAt = _timestamp() + uint64(TAB_THAW);
        _tabs[operator][msg.sender] = tab.thaw(thawedAt);
        emit TabThawed(msg.sender, operator, thawedAt);
    }

    /// @inheritdoc IReceiptLedger
    function close(address payer, address operator) external {
        Tab tab = _tabs[operator][payer];
        uint64 thawedAt = tab.thawedAt();
        bool thawed = thawedAt != 0 && block.timestamp >= thawedAt;
        require(thawed, NotThawed(payer, operator, thawedAt, _timestamp()));

        uint256 returned = tab.funded() - tab.spent();
        _tabs[operator][payer] = tab.close();
        emit TabClosed(payer, operator, returned, tab.epoch() + 1);

        if (returned != 0) ESCROW.credit(payer, returned);
    }
}
