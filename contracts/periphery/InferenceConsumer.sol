// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Claim} from "../types/Claim.sol";
import {Job, JobId, JobStatus} from "../types/Job.sol";

/// @title InferenceConsumer
/// @notice Base of a contract that pays for inference out of its own escrow balance and is handed the results.
/// @dev Anybody can fund it: `market.ESCROW().deposit(address(consumer), address(market), amount)`.
abstract contract InferenceConsumer is IInferenceCallback {
    /// @notice Market that this contract asks, and the only caller of its callback.
    IJobMarket public immutable MARKET;

    error NotMarket(address caller, address market);
    /// @notice The job stands at `status`; only `JobStatus.Final` may be acted upon.
    error ResultNotFinal(JobId id, JobStatus status);

    constructor(IJobMarket market) {
        MARKET = market;
    }

    /// @inheritdoc IInferenceCallback
    function onInference(JobId id, Claim calldata claim, bytes calldata output, JobStatus status) external {
        require(msg.sender == address(MARKET), NotMarket(msg.sender, address(MARKET)));

        _received(id, claim, output, status);
    }

    /// @dev Requests `job`, which has to name this contract as payer. Asking for the same job again costs nothing.
    function _request(Job memory job, bytes memory input) internal returns (JobId) {
        return MARKET.request(job, input);
    }

    /// @dev Called with every delivery of a result: maybe more than once, maybe before it is final.
    function _received(JobId id, Claim calldata claim, bytes calldata output, JobStatus status) internal virtual;

    /// @dev Reverts unless the answer to `id` can never be refuted any more.
    function _requireFinal(JobId id) internal view {
        JobStatus status = MARKET.statusOf(id);
        require(status == JobStatus.Final, ResultNotFinal(id, status));
    }

    /// @dev Sends `amount` of this contract's escrow balance to `to`.
    function _withdraw(uint256 amount, address to) internal {
        MARKET.ESCROW().withdraw(address(MARKET), amount, to);
    }
}
