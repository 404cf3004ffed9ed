// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVerifier} from "../interfaces/IVerifier.sol";

/// @title HashVerifier
/// @notice Accepts a root that is the hash of its data. Judges nothing.
contract HashVerifier is IVerifier {
    error RootMismatch(bytes32 computed, bytes32 expected);

    /// @inheritdoc IVerifier
    function validate(bytes32 root, bytes calldata data) external pure {
        bytes32 computed = keccak256(data);
        require(computed == root, RootMismatch(computed, root));
    }
}
