// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Int8} from "../../contracts/libraries/Int8.sol";
import {Harness} from "./Harness.sol";

/// @notice Requantisation against the text of the reference kernels (gemmlowp's fixed point, TFLite's common.cc).
contract Int8Test is Harness {
    int32[8] internal _extremes = [
        type(int32).min,
        type(int32).min + 1,
        -1,
        0,
        1,
        2 ** 30,
        2 ** 30 + 1,
        type(int32).max
    ];

    function testFuzz_requantisesLikeTheReference(int32 value, int32 multiplier, int8 shift) external pure {
        _compare(value, multiplier, shift);
    }

    /// @dev Shifts that models have, multipliers as they are derived, sums of any size.
    function testFuzz_requantisesWhatModelsHave(int32 value, int32 multiplier, int8 shift) external pure {
        multiplier = int32(uint32(bound(uint32(multiplier), 2 ** 30, 2 ** 31 - 1)));
        _compare(value, multiplier, -int8(int256(bound(uint8(shift), 0, 31))));
    }

    function test_requantisesExtremesUnderEveryShift() external view {
        for (uint256 i = 0; i < 8; ++i) {
            for (uint256 j = 0; j < 8; ++j) {
                for (int256 shift = -128; shift < 128; ++shift) {
                    _compare(_extremes[i], _extremes[j], int8(shift));
                }
            }
        }
    }

    /// @dev Ties go away from zero when dividing by a power of two, upwards when doubling high.
    function test_roundsTiesAsTheReferenceDoes() external pure {
        assertEq(_requantise(3, 2 ** 30, 0), 2, "1.5 up");
        assertEq(_requantise(-3, 2 ** 30, 0), -1, "-1.5 up");
        assertEq(_requantise(4, 2 ** 30, -2), 1, "0.5 away");
        assertEq(_requantise(-4, 2 ** 30, -2), -1, "-0.5 away");
    }

    function _compare(int32 value, int32 multiplier, int8 shift) internal pure {
        assertEq(_requantise(value, multiplier, shift), _reference(value, multiplier, shift), "requantise");
    }

    function _requantise(int32 value, int32 multiplier, int8 shift) internal pure returns (int256) {
        return Int8.requantise(value, multiplier, shift);
    }

    function assertEq(int256 given, int256 expected, string memory what) internal pure {
        require(given == expected, what);
    }

    /// @dev MultiplyByQuantizedMultiplier with the limits of docs/protocol/exact-models.md.
    function _reference(int32 value, int32 multiplier, int8 shift) internal pure returns (int32) {
        int256 limited =
            shift > 30
                ? int256(30)
                : shift < -31
                    ? int256(-31)
                    : int256(shift);
        uint256 left = limited > 0 ? uint256(limited) : 0;
        uint256 right = limited > 0 ? 0 : uint256(-limited);
        int32 scaled;
        unchecked {
            scaled = value * int32(uint32(1) << uint8(left));
        }
        return _roundingDivideByPowerOfTwo(_saturatingRoundingDoublingHighMul(scaled, multiplier), right);
    }

    function _saturatingRoundingDoublingHighMul(int32 a, int32 b) internal pure returns (int32) {
        if (a == b && a == type(int32).min) return type(int32).max;

        int64 product = int64(a) * int64(b);
        int64 nudge = product >= 0 ? int64(1 << 30) : int64(1 - (1 << 30));
        return int32((product + nudge) / int64(1 << 31));
    }

    function _roundingDivideByPowerOfTwo(int32 value, uint256 exponent) internal pure returns (int32) {
        int64 mask = int64(uint64((1 << exponent) - 1));
        int64 remainder = int64(value) & mask;
        int64 threshold = (mask >> 1) + (value < 0 ? int64(1) : int64(0));
        return int32((int64(value) >> exponent) + (remainder > threshold ? int64(1) : int64(0)));
    }
}
