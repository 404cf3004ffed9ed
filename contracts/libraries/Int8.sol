// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Int8
/// @notice Requantisation of TFLite's int8 reference kernels with double rounding, made total.
library Int8 {
    /// @notice `value` times `multiplier` / 2^31 times 2^`shift`, rounded twice (docs/protocol/exact-models.md).
    function requantise(int32 value, int32 multiplier, int8 shift) internal pure returns (int256) {
        // No step leaves 95 bits: |value · multiplier| <= 2^62 and shifts move by at most 31.
        unchecked {
            int256 scaled = value;
            if (shift > 0) scaled = int32(scaled << uint8(shift > 30 ? int8(30) : shift));

            int256 high = scaled * multiplier;
            high = (high + (high < 0 ? int256(1 - 2 ** 30) : int256(2 ** 30))) / 2 ** 31;
            if (high > type(int32).max) high = type(int32).max;
            if (shift >= 0) return high;

            uint256 exponent = shift < -31 ? 31 : uint256(-int256(shift));
            int256 half = int256(1 << (exponent - 1));
            return high < 0 ? -((half - high) >> exponent) : (high + half) >> exponent;
        }
    }
}
