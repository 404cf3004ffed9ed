// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IVerifier
/// @notice What every verification method offers the registry. How it refutes a claim is its own business; it ends in
/// `IClaimSource.refute`.
interface IVerifier {
    /// @notice Reverts unless claims against `root` can always be judged within the transaction gas cap, which `data` shows.
    function validate(bytes32 root, bytes calldata data) external view;
}
