// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Allocation} from "../../contracts/interfaces/IOperatorStaking.sol";
import {AuditStatus} from "../../contracts/types/Audit.sol";
import {AuditsHandler} from "./audits/AuditsHandler.sol";
import {Harness} from "./Harness.sol";

/// @notice Whatever anybody does, rewards and stake are somebody's, every audit can be ended, and then nothing is left.
contract AuditsInvariantTest is Harness {
    AuditsHandler internal _world;

    function setUp() external {
        _world = new AuditsHandler();
        target(address(_world));
    }

    function afterInvariant() external {
        _world.endAll();
        for (uint256 i = 0; i < _world.orderCount(); ++i) {
            require(_world.statusAt(i) >= AuditStatus.Paid, "an audit did not end");
        }
        for (uint256 i = 0; i < _world.ACCOUNTS(); ++i) {
            assertEq(_world.AUDITS().reservedOf(_world.MODEL(), _world.accounts(i)), 0, "stake stays reserved");
        }
        _requirePoolIsWhole(0);
    }

    function invariant_everyTokenOfThePoolIsSomebodys() external view {
        uint256 pending = 0;
        for (uint256 i = 0; i < _world.orderCount(); ++i) {
            if (_world.statusAt(i) < AuditStatus.Paid) pending += _world.orderAt(i).reward;
        }
        _requirePoolIsWhole(pending);
    }

    function invariant_stakeIsReservedForEveryConfirmation() external view {
        for (uint256 i = 0; i < _world.ACCOUNTS(); ++i) {
            address auditor = _world.accounts(i);
            uint256 reserved = _world.AUDITS().reservedOf(_world.MODEL(), auditor);
            assertEq(reserved, _world.liabilityOf(auditor), "reserved != open confirmations");
            require(reserved <= _allocation(auditor).active, "reserved > active");
        }
    }

    function invariant_everyStakeIsSomebodysOrBurned() external view {
        uint256 sum = _world.STAKING().unburned();
        for (uint256 i = 0; i < _world.ACCOUNTS(); ++i) {
            Allocation memory allocation = _allocation(_world.accounts(i));
            sum += uint256(allocation.active) + allocation.pending + allocation.thawing;
            sum += _world.STAKING().freeOf(_world.accounts(i));
            assertEq(_world.STAKING().rewardOf(_world.accounts(i)), 0, "a slash of an auditor was rewarded");
        }
        assertEq(_world.TOKEN().balanceOf(address(_world.STAKING())), sum, "stake != tokens held");
        assertEq(_world.STAKING().unburned(), _world.slashed(), "another amount was slashed");
    }

    function _requirePoolIsWhole(uint256 pending) internal view {
        uint256 sum = pending;
        for (uint256 i = 0; i < _world.ACCOUNTS(); ++i) {
            sum += _world.ESCROW().balanceOf(_world.accounts(i), address(_world.AUDITS()));
        }
        assertEq(_world.ESCROW().poolOf(address(_world.AUDITS())), sum, "pool != balances + rewards");
        assertEq(sum, _world.ACCOUNTS() * _world.BUDGET(), "tokens came or went");
    }

    function _allocation(address auditor) internal view returns (Allocation memory) {
        return _world.STAKING().allocationOf(address(_world.AUDITS()), _world.MODEL(), auditor);
    }
}

/// @notice The invariants do not hold for want of anything happening.
contract AuditsReachTest is Harness {
    uint256 internal constant MAX_RUNS = 8;
    uint256 internal constant DEPTH = 192;
    /// @dev One bit for each `AuditStatus` but `None`.
    uint256 internal constant EVERYWHERE = 0x7e;

    function test_everyEndIsReached() external {
        uint256 reached = 0;
        for (uint256 run = 0; run < MAX_RUNS && reached != EVERYWHERE; ++run) reached |= _run(run);
        string[7] memory names = ["None", "Ordered", "Opened", "Confirmed", "Paid", "Slashed", "Returned"];
        for (uint256 i = 1; i < 7; ++i) require((reached >> i) & 1 == 1, string.concat("never ", names[i]));
    }

    function _run(uint256 run) internal returns (uint256 reached) {
        AuditsHandler world = new AuditsHandler();
        bytes4[7] memory actions = [
            world.order.selector,
            world.open.selector,
            world.confirm.selector,
            world.settle.selector,
            world.decide.selector,
            world.thaw.selector,
            world.pass.selector
        ];
        for (uint256 i = 0; i < DEPTH; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(run, i)));
            // A call that reverts is dropped, as the runner does.
            (bool success, ) = address(world).call(abi.encodeWithSelector(actions[seed % 7], seed));
            success;
        }
        for (uint256 i = 0; i < world.orderCount(); ++i) reached |= 1 << uint256(world.statusAt(i));
    }
}
