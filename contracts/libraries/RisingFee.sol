// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {JobWords} from "./StructWords.sol";

/// @title RisingFee
/// @notice Fee that rises linearly from `feeMin` to `feeMax` over `ramp` seconds.
library RisingFee {
    /// @notice Fee of `job` at `timestamp`, before the protocol's part; rounds down.
    function feeAt(JobWords calldata job, uint256 requestedAt, uint256 timestamp) internal pure returns (uint256) {
        (uint256 feeMin, uint256 feeMax, uint256 ramp) = (job.feeMin, job.feeMax, job.ramp);
        uint256 elapsed = timestamp > requestedAt ? timestamp - requestedAt : 0;
        if (elapsed >= ramp) return feeMax;
        // feeMin <= feeMax < 2^96, and ramp and with it elapsed < 2^32.
        unchecked {
            return feeMin + ((feeMax - feeMin) * elapsed) / ramp;
        }
    }
}
