// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Kernels} from "./tensor/Kernels.sol";

/// @title TensorInterpreter
/// @notice Computes single elements. Part of `TensorVerifier`.
contract TensorInterpreter is Kernels {}
