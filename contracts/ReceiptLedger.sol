// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {ReceiptBatches} from "./base/ReceiptBatches.sol";
import {ReceiptBook} from "./base/ReceiptBook.sol";
import {ReceiptChallenges} from "./base/ReceiptChallenges.sol";
import {ReceiptPenalties} from "./base/ReceiptPenalties.sol";
import {ReceiptTabs} from "./base/ReceiptTabs.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IOperatorStaking} from "./interfaces/IOperatorStaking.sol";
import {LedgerTerms} from "./types/LedgerTerms.sol";

/// @title ReceiptLedger
/// @notice Settles receipts. Holds no tokens: payers' money is in `ESCROW`, operators' stake in `STAKING`.
/// @dev `multicall` puts a penalty and its refund, or a tab's funding and the batch that collects from it, into one transaction.
contract ReceiptLedger is ReceiptTabs, ReceiptBatches, ReceiptPenalties, ReceiptChallenges, Multicall {
    constructor(
        IEscrow escrow,
        IOperatorStaking staking,
        IModelRegistry registry,
        LedgerTerms memory terms_
    ) ReceiptBook(escrow, staking, registry, terms_) {}
}
