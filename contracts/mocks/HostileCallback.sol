// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {Claim} from "../types/Claim.sol";
import {JobId, JobStatus} from "../types/Job.sol";

/// @title HostileCallback
/// @notice Answers a delivery in the way it is set to.
contract HostileCallback is IInferenceCallback {
    enum Conduct {
        /// Remembers what it was given.
        Accept,
        Revert,
        BurnAllGas,
        ReturnMegabyte,
        RevertWithMegabyte,
        /// Calls `target` with `payload`, and remembers whether that worked.
        Reenter
    }

    error Refused();

    Conduct public conduct;
    address public target;
    bytes public payload;

    uint256 public deliveries;
    /// @notice Gas that the last delivery started with, before anything was spent.
    uint256 public gasGiven;
    JobStatus public status;
    bytes32 public outputHash;
    bool public isReentered;
    bytes public answer;

    function set(Conduct conduct_) external {
        conduct = conduct_;
    }

    function setReentry(address target_, bytes calldata payload_) external {
        (conduct, target, payload) = (Conduct.Reenter, target_, payload_);
    }

    /// @inheritdoc IInferenceCallback
    function onInference(JobId, Claim calldata, bytes calldata output, JobStatus status_) external {
        uint256 given = gasleft();
        Conduct conduct_ = conduct;
        require(conduct_ != Conduct.Revert, Refused());
        if (conduct_ == Conduct.BurnAllGas) _burn();
        if (conduct_ == Conduct.ReturnMegabyte) _end(false);
        if (conduct_ == Conduct.RevertWithMegabyte) _end(true);
        if (conduct_ == Conduct.Reenter) (isReentered, answer) = target.call(payload);

        ++deliveries;
        (gasGiven, status, outputHash) = (given, status_, keccak256(output));
    }

    function _burn() internal pure {
        assembly ("memory-safe") {
            invalid()
        }
    }

    function _end(bool isRevert) internal pure {
        assembly ("memory-safe") {
            if isRevert {
                revert(0, 1048576)
            }
            return(0, 1048576)
        }
    }
}
