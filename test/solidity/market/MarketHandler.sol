// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ChallengeActions} from "./ChallengeActions.sol";
import {GovernanceActions} from "./GovernanceActions.sol";
import {OperatorActions} from "./OperatorActions.sol";
import {PayerActions} from "./PayerActions.sol";
import {SettlementActions} from "./SettlementActions.sol";

/// @title MarketHandler
/// @notice Everything that can happen to a market, each thing as likely as any other.
contract MarketHandler is PayerActions, OperatorActions, SettlementActions, ChallengeActions, GovernanceActions {
    uint256 internal constant FIRST_JOBS = 4;

    constructor() {
        _entropy = FIRST_JOBS;
        while (_records.length < FIRST_JOBS) _request();
        _advance(1, 2);
    }

    /// @notice Lets time pass, and now and then so many blocks that the seeds of open jobs are lost.
    function pass(uint256 seed) external action(seed) {
        _advance(_pick(15), _pick(12) == 0 ? 300 : _pick(20));
    }
}
