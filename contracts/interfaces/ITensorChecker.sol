// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ITensorChecker
/// @notice Checks programs before they are published. Part of a tensor verifier; it keeps nothing.
interface ITensorChecker {
    /// @notice Reverts unless `data` = abi.encode(bytes[] descriptors) is a program with the root `root` of which every
    /// element can be judged within the gas cap.
    function validate(bytes32 root, bytes calldata data) external view;

    /// @notice Reverts unless every operator is well-formed and fits those before it.
    function check(bytes[] calldata descriptors) external view;
}
