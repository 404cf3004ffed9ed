// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Runs} from "./tensor/Runs.sol";

/// @title TensorRunner
/// @notice Runs whole programs. Part of `TensorVerifier`.
contract TensorRunner is Runs {}
