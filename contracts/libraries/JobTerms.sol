// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Job, Parameters} from "../types/Job.sol";

/// @title JobTerms
/// @notice What a job and its parameter set come to in tokens. All divisions round down.
library JobTerms {
    using SafeCast for uint256;

    uint256 internal constant PPM = 1_000_000;

    /// @notice Fee of `job` at `timestamp`, before the protocol's part.
    function feeAt(Job calldata job, uint256 requestedAt, uint256 timestamp) internal pure returns (uint128) {
        (uint256 feeMin, uint256 feeMax, uint256 ramp) = (job.feeMin, job.feeMax, job.ramp);
        uint256 elapsed = timestamp > requestedAt ? timestamp - requestedAt : 0;
        // Lies between feeMin and feeMax, both of which fit.
        return uint128(elapsed < ramp ? feeMin + ((feeMax - feeMin) * elapsed) / ramp : feeMax);
    }

    /// @notice Protocol's part of `fee`.
    function protocolFee(Parameters memory self, uint128 fee) internal pure returns (uint128) {
        // A part of a fee that fits.
        return uint128((uint256(fee) * self.protocolFeePpm) / PPM);
    }

    /// @notice Stake to reserve against an answer that is paid `fee`.
    function reservation(Parameters memory self, uint128 fee) internal pure returns (uint128) {
        uint256 reserved = (uint256(fee) * self.stakeRatioPpm) / PPM;
        return reserved > self.stakeFloor ? reserved.toUint128() : self.stakeFloor;
    }

    /// @notice Stake to reserve against a commit: a part of what an answer would reserve at the highest fee.
    function commitBond(Parameters memory self, Job calldata job) internal pure returns (uint128) {
        // A part of a reservation that fits.
        return uint128((uint256(reservation(self, job.feeMax)) * self.commitBondPpm) / PPM);
    }
}
