// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Exposure, IJobMarket} from "../../contracts/interfaces/IJobMarket.sol";
import {Allocation} from "../../contracts/interfaces/IOperatorStaking.sol";
import {ModelVersionId} from "../../contracts/types/Claim.sol";
import {JobId, JobStatus, Parameters} from "../../contracts/types/Job.sol";
import {MarketHandler} from "./market/MarketHandler.sol";
import {WindDown} from "./market/WindDown.sol";

/// @notice Whatever anybody does, jobs end, money goes where it belongs, and once.
contract JobMarketInvariantTest is WindDown {
    MarketHandler internal _world;
    IJobMarket internal _market;

    /// @dev The runner may forget the clock that an action set.
    modifier atNow() {
        (uint256 timestamp, uint256 number) = _world.time();
        VM.warp(timestamp);
        VM.roll(number);
        _;
    }

    function setUp() external {
        _world = new MarketHandler();
        _market = _world.MARKET();
        target(address(_world));
    }

    /// @notice However a run ended: every job can be ended without governance, and then nothing is left.
    function afterInvariant() external atNow {
        require(_world.recordCount() != 0, "nothing was requested");
        _windDown(_world);
    }

    /// @notice Every call succeeded exactly when it had to, and paid what it had to.
    function invariant_nothingHappensThatMustNot() external view {
        require(bytes(_world.fault()).length == 0, _world.fault());
    }

    function invariant_jobsStandWhereTheirHistoryPutsThem() external atNow {
        for (uint256 i = 0; i < _world.recordCount(); ++i) {
            (JobId id, JobStatus status, uint256 finalAt) = _world.standingOf(i);
            require(_market.statusOf(id) == status, "another status");
            assertEq(_market.finalAt(id), finalAt, "final at another time");
        }
        Parameters[] memory sets = _world.parameterSets();
        for (uint32 i = 0; i < sets.length; ++i) {
            bytes32 given = keccak256(abi.encode(_market.parametersOf(i)));
            require(given == keccak256(abi.encode(sets[i])), "a parameter set changed");
        }
    }

    function invariant_everyTokenOfThePoolIsSomebodys() external view {
        uint256 sum = _world.held();
        uint256 protocolFees = _market.protocolFees();
        for (uint256 i = 0; i < _world.ACCOUNTS(); ++i) {
            address account = _world.accounts(i);
            uint256 balance = _world.ESCROW().balanceOf(account, address(_market));
            assertEq(balance, _world.balanceOf(account), "a payer has another balance");
            sum += balance;
            for (uint256 j = 0; j < _world.MODELS(); ++j) {
                Exposure memory exposure = _market.exposureOf(_world.models(j), account);
                uint256 earned = _world.earnedOf(_world.models(j), account);
                assertEq(exposure.earned, earned, "an operator earned another amount");
                protocolFees += exposure.protocolFee;
                sum += earned;
            }
        }
        assertEq(protocolFees, _world.protocolFees(), "the protocol earned another amount");
        sum += protocolFees;
        assertEq(_world.ESCROW().poolOf(address(_market)), sum, "pool != balances + held + earned + fees");

        for (uint256 i = 0; i < _world.ACCOUNTS(); ++i) sum += _world.ESCROW().poolOf(_world.accounts(i));
        assertEq(_world.TOKEN().balanceOf(address(_world.ESCROW())), sum, "pools != tokens held");
    }

    function invariant_stakeAtRiskStays() external view {
        uint256 sum = _world.STAKING().unburned();
        uint256 rewards = 0;
        for (uint256 i = 0; i < _world.ACCOUNTS(); ++i) {
            address operator = _world.accounts(i);
            uint256 reward = _world.STAKING().rewardOf(operator);
            assertEq(reward, _world.rewardOf(operator), "another reward");
            rewards += reward;
            sum += reward + _world.STAKING().freeOf(operator);
            for (uint256 j = 0; j < _world.MODELS(); ++j) sum += _stakeOf(_world.models(j), operator);
        }
        assertEq(_world.STAKING().unburned() + rewards, _world.slashed(), "another amount was slashed");
        assertEq(_world.TOKEN().balanceOf(address(_world.STAKING())), sum, "stake != tokens held");
    }

    /// @dev All stake of `operator` on `model`, checked to cover what is reserved against it.
    function _stakeOf(ModelVersionId model, address operator) internal view returns (uint256) {
        Exposure memory exposure = _market.exposureOf(model, operator);
        Allocation memory allocation = _world.STAKING().allocationOf(address(_market), model, operator);
        assertEq(exposure.reserved, _world.reservedOf(model, operator), "reserved != open answers and commits");
        require(exposure.reserved <= allocation.active, "reserved > active");
        return uint256(allocation.active) + allocation.pending + allocation.thawing;
    }
}
