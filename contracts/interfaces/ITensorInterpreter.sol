// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Element, ElementProof, Roots} from "../types/Tensor.sol";

/// @title ITensorInterpreter
/// @notice Computes single elements. Part of a tensor verifier; it keeps nothing.
interface ITensorInterpreter {
    /// @notice Opens the element of `proof`, of any kind but the dense one, against `roots` and computes it.
    function element(Roots calldata roots, ElementProof calldata proof) external view returns (Element memory);
}
