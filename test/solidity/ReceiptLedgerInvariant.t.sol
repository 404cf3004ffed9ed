// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Allocation} from "../../contracts/interfaces/IOperatorStaking.sol";
import {PledgeState, TabState} from "../../contracts/interfaces/IReceiptLedger.sol";
import {ModelVersionId} from "../../contracts/types/Claim.sol";
import {Harness} from "./Harness.sol";
import {LedgerDisputes} from "./ledger/LedgerDisputes.sol";
import {Settled} from "./ledger/LedgerWorld.sol";

/// @notice Whatever anybody does, every token is somebody's, nothing pays twice, and who is honest loses nothing.
contract ReceiptLedgerInvariantTest is Harness {
    LedgerDisputes internal _world;

    function setUp() external {
        _world = new LedgerDisputes();
        target(address(_world));
    }

    /// @dev Demands end, batches are paid, tabs close: by calls of an outsider and of payers, whatever went before.
    function afterInvariant() external {
        _world.endAll();
        for (uint256 i = 0; i < _world.OPERATORS(); ++i) {
            assertEq(_pledgeOf(i).reserved, 0, "stake stays reserved");
            for (uint256 j = 0; j < _world.PAYERS(); ++j) {
                TabState memory tab = _tabOf(j, i);
                assertEq(tab.funded, tab.spent, "a tab stays full");
            }
        }
        assertEq(_pool(), _balances(), "tokens stay in the ledger");
    }

    function invariant_everyTokenIsSomebodys() external view {
        uint256 sum = _balances();
        for (uint256 i = 0; i < _world.OPERATORS(); ++i) {
            for (uint256 j = 0; j < _world.PAYERS(); ++j) sum += _tabOf(j, i).funded - _tabOf(j, i).spent;
        }
        for (uint256 i = 0; i < _world.settledCount(); ++i) {
            Settled memory settled = _world.settledAt(i);
            if (!settled.isReleased) sum += settled.batch.amount;
        }
        uint256 bond = _world.terms().demandBond;
        for (uint256 i = 0; i < _world.issuedCount(); ++i) {
            if (_world.LEDGER().disputeOf(_world.issuedAt(i).id).deadline != 0) sum += bond;
        }
        assertEq(_pool(), sum, "pool != balances + tabs + batches + bonds");
        assertEq(_world.TOKEN().balanceOf(address(_world.ESCROW())), _pool(), "tokens held != pool");
    }

    function invariant_whatCanBePaidCanBeSlashed() external view {
        for (uint256 i = 0; i < _world.OPERATORS(); ++i) {
            (PledgeState memory pledge, uint256 reserved) = (_pledgeOf(i), 0);
            for (uint256 j = 0; j < _world.settledCount(); ++j) {
                Settled memory settled = _world.settledAt(j);
                if (settled.batch.operator != _world.operatorAt(i) || settled.isReleased) continue;
                if (settled.batch.amount != 0) reserved += _world.LEDGER().penaltyOf(settled.batch.amount);
            }
            assertEq(pledge.reserved, reserved, "reserved != what pending batches reserve");
            uint256 slashed = _slashed(i);
            require(reserved <= pledge.pledged + slashed, "reserved > pledged");
            require(pledge.pledged <= _allocationOf(i).active, "pledged > active stake");
        }
    }

    function invariant_aVoucherPaysOnce() external view {
        for (uint256 i = 0; i < _world.OPERATORS(); ++i) {
            for (uint256 j = 0; j < _world.PAYERS(); ++j) {
                TabState memory tab = _tabOf(j, i);
                require(tab.spent <= tab.funded, "spent > funded");
                require(tab.spent <= _world.capOf(i, j), "spent > signed");
                assertEq(tab.spent, _world.collectedOf(i, j), "spent != collected");
                require(_world.refundedOf(i, j) <= tab.spent, "refunded > collected");
            }
        }
    }

    function invariant_nothingStrikesOrPaysTwice() external view {
        require(_world.worst() <= 1, "a receipt was struck or refunded twice");
    }

    function invariant_batchesAreWhatTheRulesSay() external view {
        assertEq(_world.lost(), 0, "a batch was not settled as foreseen");
    }

    function invariant_whoIsHonestLosesNothing() external view {
        assertEq(_slashed(0), 0, "an honest operator was slashed");
        assertEq(_world.stuck(), 0, "an honest operator could not open a receipt");
    }

    /// @dev Stake is in the allocation, free again after it thawed (never: nobody withdraws it here), or slashed.
    function _slashed(uint256 operator) internal view returns (uint256) {
        Allocation memory allocation = _allocationOf(operator);
        return _world.STAKE() - allocation.active - allocation.thawing - allocation.pending;
    }

    function _pool() internal view returns (uint256) {
        return _world.ESCROW().poolOf(address(_world.LEDGER()));
    }

    function _balances() internal view returns (uint256 sum) {
        address ledger = address(_world.LEDGER());
        sum = _world.ESCROW().balanceOf(_world.OUTSIDER(), ledger);
        for (uint256 i = 0; i < _world.OPERATORS(); ++i) {
            sum += _world.ESCROW().balanceOf(_world.operatorAt(i), ledger);
        }
        for (uint256 i = 0; i < _world.PAYERS(); ++i) sum += _world.ESCROW().balanceOf(_world.payerAt(i), ledger);
    }

    function _tabOf(uint256 payer, uint256 operator) internal view returns (TabState memory) {
        return _world.LEDGER().tabOf(_world.payerAt(payer), _world.operatorAt(operator));
    }

    function _pledgeOf(uint256 operator) internal view returns (PledgeState memory) {
        return _world.LEDGER().pledgeOf(_world.operatorAt(operator));
    }

    function _allocationOf(uint256 operator) internal view returns (Allocation memory) {
        address ledger = address(_world.LEDGER());
        return _world.STAKING().allocationOf(ledger, ModelVersionId.wrap(0), _world.operatorAt(operator));
    }
}

/// @notice The invariants do not hold for want of anything happening.
contract ReceiptLedgerReachTest is Harness {
    uint256 internal constant MAX_RUNS = 16;
    uint256 internal constant DEPTH = 192;

    uint256[6] internal _counts;

    function test_everyPenaltyStrikes() external {
        for (uint256 run = 0; run < MAX_RUNS && !_isReached(); ++run) _run(run);
        string[6] memory names = ["equivocation", "overcharge", "omission", "refutation", "refund", "opening"];
        for (uint256 i = 0; i < 6; ++i) require(_counts[i] != 0, string.concat("never ", names[i]));
    }

    function _isReached() internal view returns (bool isReached) {
        isReached = true;
        for (uint256 i = 0; i < 6; ++i) isReached = isReached && _counts[i] != 0;
    }

    function _run(uint256 run) internal {
        LedgerDisputes world = new LedgerDisputes();
        bytes4[9] memory actions = [
            world.fund.selector,
            world.serve.selector,
            world.settle.selector,
            world.pass.selector,
            world.equivocate.selector,
            world.overcharge.selector,
            world.demand.selector,
            world.refute.selector,
            world.refund.selector
        ];
        for (uint256 i = 0; i < DEPTH; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(run, i)));
            bytes4 selector = actions[seed % 9];
            if (seed % 11 == 0) selector = world.omit.selector;
            if (seed % 11 == 1) selector = world.open.selector;
            // A call that reverts is dropped, as the runner does.
            (bool success, ) = address(world).call(abi.encodeWithSelector(selector, seed));
            success;
        }
        for (uint256 i = 0; i < 6; ++i) _counts[i] += world.counts(i);
    }
}
