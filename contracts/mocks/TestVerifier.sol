// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimSource} from "../interfaces/IClaimSource.sol";
import {IVerifier} from "../interfaces/IVerifier.sol";

/// @title TestVerifier
/// @notice Finds against whatever claim it is told to.
contract TestVerifier is IVerifier {
    error NoRoot();

    function suspend(IClaimSource source, bytes calldata context) external {
        source.suspend(context);
    }

    function resume(IClaimSource source, bytes calldata context, uint64 until) external {
        source.resume(context, until);
    }

    function refute(IClaimSource source, bytes calldata context) external {
        source.refute(context, msg.sender);
    }

    /// @inheritdoc IVerifier
    function validate(bytes32 root, bytes calldata) external pure {
        require(root != 0, NoRoot());
    }
}
