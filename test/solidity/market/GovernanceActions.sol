// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Parameters} from "../../../contracts/types/Job.sol";
import {MarketLedger} from "./MarketLedger.sol";

/// @title GovernanceActions
/// @notice Governance, which this contract is, changes its mind all the time; others pretend to be it.
abstract contract GovernanceActions is MarketLedger {
    function govern(uint256 seed) external action(seed) {
        uint256 kind = _pick(10);
        if (kind < 5) _setParameters();
        else if (kind < 7) _pause();
        else if (kind < 9) _collectProtocolFees();
        else _retire();
    }

    function _setParameters() internal {
        Parameters memory parameters = Parameters({
            protocolFeePpm: uint32(_pick(50_001)),
            stakeRatioPpm: uint32(1_000_000 + _pick(2_000_001)),
            commitBondPpm: uint32(_pick(1_000_001)),
            seatSeconds: uint32(1 + _pick(15)),
            stakeFloor: uint128(_pick(5_000))
        });
        uint256 flaw = _pick(10);
        if (flaw == 0) parameters.protocolFeePpm = 50_001;
        if (flaw == 1) parameters.stakeRatioPpm = 999_999;
        if (flaw == 2) parameters.commitBondPpm = 1_000_001;
        if (flaw == 3) parameters.seatSeconds = 0;
        (address sender, bool isAdmin) = _pickGovernor();
        bytes memory data = abi.encodeCall(MARKET.setParameters, (parameters));
        (bool success, ) = _act(sender, address(MARKET), data, isAdmin && flaw > 3, "a parameter set");
        if (!success) return;

        _parameterSets.push(parameters);
        ++countOf["parameters set"];
    }

    function _pause() internal {
        bool paused = _pick(4) == 0;
        (address sender, bool isAdmin) = _pickGovernor();
        bytes memory data = abi.encodeCall(MARKET.setRequestsPaused, (paused));
        (bool success, ) = _act(sender, address(MARKET), data, isAdmin, "a pause");
        if (success) isPaused = paused;
        if (success && paused) ++countOf["paused"];
    }

    function _collectProtocolFees() internal {
        (address sender, bool isAdmin) = _pickGovernor();
        uint256 before = TOKEN.balanceOf(address(this));
        bytes memory data = abi.encodeCall(MARKET.collectProtocolFees, (address(this)));
        (bool success, ) = _act(sender, address(MARKET), data, isAdmin, "a collection of the protocol's fees");
        if (!success) return;

        uint256 amount = TOKEN.balanceOf(address(this)) - before;
        _expect(amount <= protocolFees, "the protocol took more than its fees");
        protocolFees -= amount;
        if (amount != 0) ++countOf["protocol fees collected"];
    }

    /// @dev The worst that the registry's governance and publishers can do to open jobs, which is nothing.
    function _retire() internal {
        if (_pick(2) == 0) REGISTRY.tombstoneVerifier(address(VERIFIER));
        else REGISTRY.deprecate(_pickModel());
    }

    function _pickGovernor() internal returns (address sender, bool isAdmin) {
        isAdmin = _pick(4) != 0;
        sender = isAdmin ? address(this) : _pickAccount();
    }
}
