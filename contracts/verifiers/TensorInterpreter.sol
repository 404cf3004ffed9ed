// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Kernels} from "./tensor/Kernels.sol";
import {Runs} from "./tensor/Runs.sol";

/// @title TensorInterpreter
/// @notice Computes elements, and runs programs whole. Part of `TensorVerifier`.
contract TensorInterpreter is Kernels, Runs {}
