// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Int8
/// @notice Fixed-point arithmetic of TFLite's int8 reference kernels with double rounding, made total.
library Int8 {
    /// @notice `value` times `multiplier` / 2^31 times 2^`shift`, rounded twice (docs/protocol/exact-models.md).
    function requantise(int32 value, int32 multiplier, int8 shift) internal pure returns (int256) {
        // A shift to the left moves by at most 30 bits, and one to the right by at most 31.
        unchecked {
            int256 scaled = value;
            if (shift > 0) scaled = int32(scaled << uint8(shift > 30 ? int8(30) : shift));

            int256 high = highMultiply(scaled, multiplier);
            if (shift >= 0) return high;
            return divideByPowerOfTwo(high, shift < -31 ? 31 : uint256(-int256(shift)));
        }
    }

    /// @notice `a` · `b` / 2^31 to nearest, ties upwards, for int32 values; saturates where both are the least.
    function highMultiply(int256 a, int256 b) internal pure returns (int256 high) {
        // |a · b| <= 2^62.
        unchecked {
            high = (a * b + 2 ** 30) >> 31;
        }
        if (high > type(int32).max) high = type(int32).max;
    }

    /// @notice `value` / 2^`exponent` to nearest, ties away from zero, for int32 values and an exponent of at most 31.
    function divideByPowerOfTwo(int256 value, uint256 exponent) internal pure returns (int256) {
        if (exponent == 0) return value;
        // |value| + half <= 2^31 + 2^30.
        unchecked {
            int256 half = int256(1 << (exponent - 1));
            return value < 0 ? -((half - value) >> exponent) : (value + half) >> exponent;
        }
    }

    /// @notice The byte min(max(`value`, `min`), `max`).
    function clamp(int256 value, uint8 min, uint8 max) internal pure returns (uint8) {
        if (value < int256(uint256(min))) value = int256(uint256(min));
        if (value > int256(uint256(max))) value = int256(uint256(max));
        return uint8(uint256(value));
    }
}
