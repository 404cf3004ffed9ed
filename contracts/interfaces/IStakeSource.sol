// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ModelVersionId} from "../types/Claim.sol";

/// @title IStakeSource
/// @notice What `OperatorStaking` asks of a contract to which operators allocate stake.
interface IStakeSource {
    /// @notice Stake of `operator` on `model` that is reserved against open claims and cannot leave.
    function reservedOf(ModelVersionId model, address operator) external view returns (uint256);
}
