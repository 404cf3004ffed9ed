// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Escrow} from "../../../contracts/Escrow.sol";
import {IJobMarket} from "../../../contracts/interfaces/IJobMarket.sol";
import {Allocation} from "../../../contracts/interfaces/IOperatorStaking.sol";
import {OperatorStaking} from "../../../contracts/OperatorStaking.sol";
import {ModelVersionId} from "../../../contracts/types/Claim.sol";
import {JobStatus} from "../../../contracts/types/Job.sol";
import {Harness} from "../Harness.sol";
import {MarketHandler} from "./MarketHandler.sol";
import {Record} from "./Record.sol";

/// @title WindDown
/// @notice Ends whatever was left open, as somebody whom nobody knows, while governance has shut what it can and is gone.
abstract contract WindDown is Harness {
    uint256 internal constant LONG = 1000 days;

    /// @dev Afterwards every job has ended, everybody has everything, and nothing is left anywhere.
    function _windDown(MarketHandler world) internal {
        IJobMarket market = world.MARKET();
        if (!market.requestsPaused()) {
            VM.prank(address(world));
            market.setRequestsPaused(true);
        }
        (uint256 timestamp, uint256 number) = world.time();
        VM.roll(number + LONG);
        VM.warp(timestamp + LONG);
        for (uint256 i = 0; i < world.recordCount(); ++i) _closeChallenges(world, world.recordAt(i));
        VM.warp(timestamp + 2 * LONG);
        for (uint256 i = 0; i < world.recordCount(); ++i) _end(world, world.recordAt(i));

        _payEverybody(world);
        _requireAccountsMatch(world);
        _emptyEscrow(world);
        _emptyStaking(world);
    }

    /// @dev A verifier ends its challenges by a clock of its own; this one's is whoever asks.
    function _closeChallenges(MarketHandler world, Record memory record) internal {
        bytes memory context = abi.encode(record.settlement, record.claim);
        if (record.status != JobStatus.Answered) return;
        for (uint256 i = 0; i < record.openChallenges; ++i) {
            world.VERIFIER().resume(world.MARKET(), context, type(uint64).max);
        }
    }

    function _end(MarketHandler world, Record memory record) internal {
        IJobMarket market = world.MARKET();
        if (record.status == JobStatus.Committed) {
            market.forfeit(record.job, record.seat.holder, record.seat.commitment);
            require(market.statusOf(record.id) == JobStatus.Open, "a seat stays taken");
        }
        bool isUnanswered = record.status == JobStatus.Committed || record.status == JobStatus.Open;
        if (isUnanswered) market.expire(record.job);
        if (record.status == JobStatus.Answered) market.claim(record.id, record.settlement);

        JobStatus status = market.statusOf(record.id);
        if (isUnanswered) require(status == JobStatus.Expired, "an unanswered job did not expire");
        else if (record.status == JobStatus.Refuted) require(status == JobStatus.Refuted, "a refutation did not last");
        else if (record.status == JobStatus.Expired) require(status == JobStatus.Expired, "an expiry did not last");
        else require(market.isSettled(record.id), "an answer was not settled");
    }

    function _payEverybody(MarketHandler world) internal {
        ModelVersionId[] memory list = new ModelVersionId[](world.MODELS());
        for (uint256 i = 0; i < list.length; ++i) list[i] = world.models(i);
        for (uint256 i = 0; i < world.ACCOUNTS(); ++i) world.MARKET().collect(world.accounts(i), list);
    }

    /// @dev What was held for a job went to its payer, its operator and the protocol, in the parts that its answer fixed.
    function _requireAccountsMatch(MarketHandler world) internal {
        uint256[] memory balances = new uint256[](world.ACCOUNTS());
        for (uint256 i = 0; i < balances.length; ++i) balances[i] = world.balanceOf(world.accounts(i));
        uint256 protocolFees = world.protocolFees();
        for (uint256 i = 0; i < world.recordCount(); ++i) {
            Record memory record = world.recordAt(i);
            uint256 refund = record.job.feeMax;
            if (record.status == JobStatus.Answered) {
                refund -= record.settlement.fee + record.settlement.protocolFee;
                protocolFees += record.settlement.protocolFee;
            }
            bool wasOpen =
                record.status == JobStatus.Open ||
                    record.status == JobStatus.Committed ||
                    record.status == JobStatus.Answered;
            for (uint256 j = 0; wasOpen && j < balances.length; ++j) {
                if (world.accounts(j) == record.job.payer) balances[j] += refund;
            }
        }
        for (uint256 i = 0; i < balances.length; ++i) {
            uint256 balance = world.ESCROW().balanceOf(world.accounts(i), address(world.MARKET()));
            assertEq(balance, balances[i], "a payer got another refund");
        }
        IJobMarket market = world.MARKET();
        VM.prank(address(world));
        uint256 collected = market.collectProtocolFees(address(world));
        assertEq(collected, protocolFees, "the protocol got other fees");
    }

    function _emptyEscrow(MarketHandler world) internal {
        (Escrow escrow, address market) = (world.ESCROW(), address(world.MARKET()));
        for (uint256 i = 0; i < world.ACCOUNTS(); ++i) {
            address payer = world.accounts(i);
            uint256 balance = escrow.balanceOf(payer, market);
            if (balance == 0) continue;
            VM.prank(payer);
            escrow.withdraw(market, balance, payer);
        }
        assertEq(escrow.poolOf(market), 0, "the market's pool was not emptied");
    }

    function _emptyStaking(MarketHandler world) internal {
        OperatorStaking staking = world.STAKING();
        for (uint256 i = 0; i < world.ACCOUNTS() * world.MODELS(); ++i) {
            _unstake(world, world.models(i % world.MODELS()), world.accounts(i / world.MODELS()));
        }
        for (uint256 i = 0; i < world.ACCOUNTS(); ++i) {
            (address owner, uint256 amount) = (world.accounts(i), staking.freeOf(world.accounts(i)));
            if (amount != 0) VM.prank(owner);
            if (amount != 0) staking.withdraw(amount, owner);
            _takeReward(staking, owner);
        }
        _takeReward(staking, address(this));
        if (staking.unburned() != 0) staking.burn();
        assertEq(world.TOKEN().balanceOf(address(staking)), 0, "stake was left behind");
    }

    function _takeReward(OperatorStaking staking, address refuter) internal {
        if (staking.rewardOf(refuter) == 0) return;
        VM.prank(refuter);
        staking.withdrawReward(refuter);
    }

    function _unstake(MarketHandler world, ModelVersionId model, address operator) internal {
        (OperatorStaking staking, address market) = (world.STAKING(), address(world.MARKET()));
        Allocation memory allocation = staking.allocationOf(market, model, operator);
        if (allocation.pending != 0) staking.activate(market, model, operator);
        uint256 active = uint256(allocation.active) + allocation.pending;
        if (active != 0) VM.prank(operator);
        if (active != 0) staking.thaw(market, model, active);
        if (active + allocation.thawing == 0) return;

        VM.warp(block.timestamp + LONG);
        staking.free(market, model, operator);
    }
}
