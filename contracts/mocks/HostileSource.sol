// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimSource} from "../interfaces/IClaimSource.sol";
import {Claim} from "../types/Claim.sol";

/// @title HostileSource
/// @notice Says of any claim what it is told to, and calls back whoever judges it. `context` is
/// `abi.encode(bytes32 claimId, Claim, uint64 challengeUntil)`.
contract HostileSource is IClaimSource {
    /// @notice What the last call back gave, if one was made.
    bool public isCalledBack;
    bool public hasSucceeded;
    bytes public result;

    bytes internal _callback;

    /// @notice Makes the next `suspend`, `resume` or `refute` call its caller with `callback`.
    function arm(bytes calldata callback) external {
        (_callback, isCalledBack) = (callback, false);
    }

    /// @inheritdoc IClaimSource
    function suspend(bytes calldata) external {
        _callBack();
    }

    /// @inheritdoc IClaimSource
    function resume(bytes calldata, uint64) external {
        _callBack();
    }

    /// @inheritdoc IClaimSource
    function refute(bytes calldata, address) external {
        _callBack();
    }

    /// @inheritdoc IClaimSource
    function challengeable(
        bytes calldata context
    ) external pure returns (bytes32 claimId, Claim memory claim, uint64 challengeUntil) {
        return abi.decode(context, (bytes32, Claim, uint64));
    }

    /// @inheritdoc IClaimSource
    function refuted(bytes calldata context) external pure returns (bytes32 claimId) {
        return abi.decode(context, (bytes32));
    }

    function _callBack() internal {
        bytes memory callback = _callback;
        if (callback.length == 0) return;

        delete _callback;
        isCalledBack = true;
        (hasSucceeded, result) = msg.sender.call(callback);
    }
}
