// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Int8
/// @notice Fixed-point arithmetic of TFLite's int8 reference kernels with double rounding, made total.
library Int8 {
    /// @notice `value` times `multiplier` / 2^31 times 2^`shift`, rounded twice (docs/protocol/exact-models.md).
    function requantise(int32 value, int32 multiplier, int8 shift) internal pure returns (int256) {
        (uint256 left, uint256 right) = shifts(shift);
        return requantise(value, multiplier, left, right);
    }

    /// @notice Bits by which `requantise` moves to the left, at most 30, and to the right, at most 31.
    function shifts(int8 shift) internal pure returns (uint256 left, uint256 right) {
        // -128 is negated as a word.
        unchecked {
            if (shift > 0) left = shift > 30 ? 30 : uint256(int256(shift));
            else right = shift < -31 ? 31 : uint256(-int256(shift));
        }
    }

    /// @notice As above, for int32 values, with what `shifts` returned.
    function requantise(
        int256 value,
        int256 multiplier,
        uint256 left,
        uint256 right
    ) internal pure returns (int256 result) {
        // return divideByPowerOfTwo(highMultiply(int32(value << left), multiplier), right);
        assembly ("memory-safe") {
            let high := sar(31, add(mul(signextend(3, shl(left, value)), multiplier), 0x40000000))
            // The one product that does not fit is 2^31.
            high := sub(high, eq(high, 0x80000000))
            let sign := sar(255, high)
            let size := shr(right, add(sub(xor(high, sign), sign), shr(1, shl(right, 1))))
            result := sub(xor(size, sign), sign)
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
    function clamp(int256 value, uint8 min, uint8 max) internal pure returns (uint8 result) {
        // if (value < min) value = min;
        // return value > max ? max : uint8(value);
        (uint256 low, uint256 high) = (min, max);
        assembly ("memory-safe") {
            value := xor(value, mul(xor(value, low), slt(value, low)))
            result := xor(value, mul(xor(value, high), sgt(value, high)))
        }
    }
}
