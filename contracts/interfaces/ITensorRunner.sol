// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ITensorRunner
/// @notice Runs whole programs. Part of a tensor verifier; it keeps nothing.
interface ITensorRunner {
    /// @notice Runs the program on `input`; `weights` as in `ITensorVerifier.execute`.
    /// @dev Warning: trusts `descriptors` to have passed `ITensorChecker.check`.
    function evaluate(
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external view returns (bytes memory output);
}
