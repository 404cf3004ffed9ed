// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {Claim} from "../types/Claim.sol";
import {JobId, JobStatus} from "../types/Job.sol";

/// @title MinimalConsumer
/// @notice The least that a contract does with a result: keep its hash. What is left of a delivery is the market's.
/// @dev Warning: believes any caller.
contract MinimalConsumer is IInferenceCallback {
    /// @notice Hash of the output that was delivered last.
    bytes32 public outputHash;

    /// @inheritdoc IInferenceCallback
    function onInference(JobId, Claim calldata claim, bytes calldata, JobStatus) external {
        outputHash = claim.outputHash;
    }
}
