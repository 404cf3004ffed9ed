// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Parameters} from "../types/Job.sol";

/// @dev A parameter set in 172 bits, so that a job can carry its own. From high to low, each as wide as its bound needs:
/// protocolFeePpm(16) stakeRatioPpm(30) commitBondPpm(20) seatSeconds(10) stakeFloor(96).
type Terms is uint176;

using TermsLib for Terms global;

/// @title TermsLib
/// @notice What a parameter set comes to in tokens and seconds. Fees are below 2^96; divisions round down.
library TermsLib {
    uint256 internal constant PPM = 1_000_000;
    uint256 internal constant MAX_STAKE_RATIO_PPM = 1000 * PPM;
    uint256 internal constant MAX_SEAT_SECONDS = 600;
    uint256 internal constant MAX_STAKE_FLOOR = type(uint96).max;

    /// @dev Expects every parameter within its bound.
    function pack(Parameters memory parameters) internal pure returns (Terms) {
        uint256 word = parameters.protocolFeePpm;
        word = (word << 30) | parameters.stakeRatioPpm;
        word = (word << 20) | parameters.commitBondPpm;
        word = (word << 10) | parameters.seatSeconds;
        return Terms.wrap(uint176((word << 96) | parameters.stakeFloor));
    }

    function unpack(Terms self) internal pure returns (Parameters memory) {
        return
            Parameters({
                protocolFeePpm: uint32(_field(self, 156, 16)),
                stakeRatioPpm: uint32(_field(self, 126, 30)),
                commitBondPpm: uint32(_field(self, 106, 20)),
                seatSeconds: uint32(seatSeconds(self)),
                stakeFloor: uint128(_field(self, 0, 96))
            });
    }

    /// @notice Seconds a commit holds the seat.
    function seatSeconds(Terms self) internal pure returns (uint256) {
        return _field(self, 96, 10);
    }

    /// @notice Protocol's part of `fee`.
    function protocolFee(Terms self, uint256 fee) internal pure returns (uint256) {
        // fee < 2^96.
        unchecked {
            return (fee * _field(self, 156, 16)) / PPM;
        }
    }

    /// @notice Stake to reserve against an answer that is paid `fee`.
    function reservation(Terms self, uint256 fee) internal pure returns (uint256) {
        uint256 reserved;
        // fee < 2^96.
        unchecked {
            reserved = (fee * _field(self, 126, 30)) / PPM;
        }
        uint256 floor = _field(self, 0, 96);
        return reserved > floor ? reserved : floor;
    }

    /// @notice Stake to reserve against a commit to a job that pays up to `feeMax`.
    function commitBond(Terms self, uint256 feeMax) internal pure returns (uint256) {
        // reservation < 2^126.
        unchecked {
            return (reservation(self, feeMax) * _field(self, 106, 20)) / PPM;
        }
    }

    function _field(Terms self, uint256 shift, uint256 bits) private pure returns (uint256) {
        // bits < 256.
        unchecked {
            return (Terms.unwrap(self) >> shift) & ((1 << bits) - 1);
        }
    }
}
