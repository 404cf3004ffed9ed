// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Element, ElementProof, Roots} from "../types/Tensor.sol";

/// @title ITensorInterpreter
/// @notice Computes elements, and runs programs whole. Part of a tensor verifier; it keeps nothing.
interface ITensorInterpreter {
    /// @notice Opens the element of `proof`, of any kind but the dense one, against `roots` and computes it.
    function element(Roots calldata roots, ElementProof calldata proof) external view returns (Element memory);

    /// @notice Runs the program on `input`; `weights` as in `ITensorVerifier.execute`.
    /// @dev Warning: trusts `descriptors` to have passed `ITensorChecker.check`.
    function evaluate(
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external view returns (bytes memory output);
}
