// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Harness} from "./Harness.sol";
import {MarketHandler} from "./market/MarketHandler.sol";

/// @notice The invariants of the market do not hold for want of anything happening.
contract JobMarketReachTest is Harness {
    /// @dev What the runner does by default, once over.
    uint256 internal constant MAX_RUNS = 256;
    uint256 internal constant DEPTH = 64;

    string[] internal _outcomes = [
        "requested",
        "requested for another",
        "expired",
        "answered",
        "committed",
        "revealed",
        "forfeited",
        "suspended",
        "resumed",
        "refuted",
        "refuted again",
        "settled",
        "claimed again",
        "claimed twice in a list",
        "claimed from within",
        "collected",
        "delivered",
        "thawed",
        "reserved stake kept",
        "parameters set",
        "paused",
        "protocol fees collected"
    ];

    /// @dev Calls that failed outside the market, and so did nothing.
    uint256 internal _dropped;
    mapping(string outcome => uint256) internal _countOf;

    function test_randomActorsGetEverywhere() external {
        for (uint256 run = 0; run < MAX_RUNS; ++run) {
            MarketHandler world = new MarketHandler();
            for (uint256 i = 0; i < DEPTH; ++i) _act(world, uint256(keccak256(abi.encode(run, i))));
            require(bytes(world.fault()).length == 0, world.fault());
            for (uint256 i = 0; i < _outcomes.length; ++i) _countOf[_outcomes[i]] += world.countOf(_outcomes[i]);
            require(_dropped < ((run + 1) * DEPTH) / 4, "most calls do nothing");
            if (bytes(_missing()).length == 0) return;
        }
        revert(string.concat("never ", _missing()));
    }

    function _act(MarketHandler world, uint256 seed) internal {
        bytes4[17] memory actions = [
            world.request.selector,
            world.requestFor.selector,
            world.expire.selector,
            world.fund.selector,
            world.answer.selector,
            world.commit.selector,
            world.reveal.selector,
            world.forfeit.selector,
            world.stake.selector,
            world.claim.selector,
            world.claimMany.selector,
            world.collect.selector,
            world.deliver.selector,
            world.challenge.selector,
            world.refute.selector,
            world.govern.selector,
            world.pass.selector
        ];
        // A call that reverts is dropped, as the runner does.
        (bool success, ) = address(world).call(abi.encodeWithSelector(actions[seed % actions.length], seed));
        if (!success) ++_dropped;
    }

    function _missing() internal view returns (string memory) {
        for (uint256 i = 0; i < _outcomes.length; ++i) if (_countOf[_outcomes[i]] == 0) return _outcomes[i];
        return "";
    }
}
