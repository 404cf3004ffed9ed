// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOperatorStaking} from "../interfaces/IOperatorStaking.sol";
import {IStakeSource} from "../interfaces/IStakeSource.sol";
import {ModelVersionId} from "../types/Claim.sol";

/// @title TestSource
/// @notice Reserves and slashes what it is told to.
contract TestSource is IStakeSource {
    IOperatorStaking public immutable STAKING;

    /// @inheritdoc IStakeSource
    mapping(ModelVersionId model => mapping(address operator => uint256)) public reservedOf;

    constructor(IOperatorStaking staking) {
        STAKING = staking;
    }

    function reserve(ModelVersionId model, address operator, uint256 amount) external {
        reservedOf[model][operator] = amount;
    }

    function slash(
        ModelVersionId model,
        address operator,
        uint256 amount,
        address refuter,
        bytes32 reason
    ) external returns (uint256 slashed) {
        return STAKING.slash(model, operator, amount, refuter, reason);
    }

    function weightsOf(ModelVersionId model, address operator) external view returns (uint256 active, uint256 total) {
        return STAKING.weightsOf(model, operator);
    }
}
