// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Claim} from "../types/Claim.sol";
import {JobId, JobStatus} from "../types/Job.sol";

/// @title IInferenceCallback
/// @notice What a contract implements to be handed results.
interface IInferenceCallback {
    /// @notice Called by the market with an answer. May come more than once for one job, and before the answer is final:
    /// check `status`.
    function onInference(JobId id, Claim calldata claim, bytes calldata output, JobStatus status) external;
}
