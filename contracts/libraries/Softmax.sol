// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Descriptor} from "./Descriptor.sol";
import {Int8} from "./Int8.sol";

/// @title Softmax
/// @notice TFLite's fixed-point softmax of int8 values (tensorflow/lite/kernels/internal/reference/softmax.h, gemmlowp's
/// fixedpoint.h). A number in Qm.n has m integer and n fractional bits.
library Softmax {
    using Descriptor for bytes;

    struct Parameters {
        uint256 depth;
        int32 multiplier;
        int8 leftShift;
        int32 diffMin;
    }

    /// @dev Longest run whose sum of exponentials stays below 512, which Q12.19 and the last shift can take.
    uint256 internal constant MAX_DEPTH = 511;

    /// @dev 1 in Q0.31, as near as it gets.
    int256 private constant ONE = 2 ** 31 - 1;

    function read(bytes calldata descriptor) internal pure returns (Parameters memory parameters) {
        uint256 word = descriptor.wordAt(Descriptor.HEADER);
        parameters.depth = uint32(word >> 224);
        parameters.multiplier = int32(uint32(word >> 192));
        parameters.leftShift = int8(uint8(word >> 184));
        parameters.diffMin = int32(uint32(word >> 152));
    }

    /// @notice Output byte at `index` of the run of `depth` bytes of `data` from `offset`.
    function element(
        Parameters memory self,
        bytes memory data,
        uint256 offset,
        uint256 index
    ) internal pure returns (uint8) {
        (int256 sum, int256 greatest) = sumOf(self, data, offset);
        return outputOf(self, sum, int256(uint256(uint8(data[offset + index]))) - greatest);
    }

    /// @notice What all elements of a run share: the sum of its exponentials in Q12.19, and its greatest byte.
    function sumOf(
        Parameters memory self,
        bytes memory data,
        uint256 offset
    ) internal pure returns (int256 sum, int256 greatest) {
        for (uint256 i = 0; i < self.depth; ++i) {
            int256 input = int256(uint256(uint8(data[offset + i])));
            if (input > greatest) greatest = input;
        }
        for (uint256 i = 0; i < self.depth; ++i) {
            int256 diff = int256(uint256(uint8(data[offset + i]))) - greatest;
            if (diff >= self.diffMin) sum += Int8.divideByPowerOfTwo(_exponential(self, diff), 12);
        }
    }

    /// @notice Output byte of an input that lies `diff` <= 0 from the greatest of a run whose exponentials add up to `sum`.
    function outputOf(Parameters memory self, int256 sum, int256 diff) internal pure returns (uint8) {
        if (diff < self.diffMin) return 0;
        (int256 scale, uint256 bitsOverUnit) = reciprocal(uint256(sum));
        int256 product = Int8.highMultiply(scale, _exponential(self, diff));
        return Int8.clamp(Int8.divideByPowerOfTwo(product, bitsOverUnit + 31 - 8), 0, 255);
    }

    /// @notice e^`a` in Q0.31 for `a` <= 0 in Q5.26.
    function exponential(int256 a) internal pure returns (int256 result) {
        // Every factor fits 32 bits, and a remainder of int32 values 33.
        unchecked {
            if (a == 0) return ONE;
            int256 quarter = (a & (2 ** 24 - 1)) - 2 ** 24;
            result = _exponentialOfQuarter(quarter << 5);
            int256 left = quarter - a;
            if (left & (2 ** 24) != 0) result = Int8.highMultiply(result, 1_672_461_947);
            if (left & (2 ** 25) != 0) result = Int8.highMultiply(result, 1_302_514_674);
            if (left & (2 ** 26) != 0) result = Int8.highMultiply(result, 790_015_084);
            if (left & (2 ** 27) != 0) result = Int8.highMultiply(result, 290_630_308);
            if (left & (2 ** 28) != 0) result = Int8.highMultiply(result, 39_332_535);
            if (left & (2 ** 29) != 0) result = Int8.highMultiply(result, 720_401);
            if (left & (2 ** 30) != 0) result = Int8.highMultiply(result, 242);
        }
    }

    /// @notice 1 / m in Q0.31 of `sum` = m · 2^`bitsOverUnit` in Q12.19, 1 <= m < 2.
    /// @dev `sum` lies in 2^19…2^28: the greatest of a run counts as 1 wherever any counts, and at most `MAX_DEPTH` do.
    function reciprocal(uint256 sum) internal pure returns (int256 scale, uint256 bitsOverUnit) {
        unchecked {
            uint256 headroom = _leadingZeros(sum);
            bitsOverUnit = 12 - headroom;
            int256 half = int256(sum << headroom) / 2;
            int256 x = 1_515_870_810 + Int8.highMultiply(half, -1_010_580_540);
            for (uint256 i = 0; i < 3; ++i) {
                int256 rest = 2 ** 29 - Int8.highMultiply(half, x);
                x += _saturate(Int8.highMultiply(x, rest) << 2);
            }
            scale = _saturate(x << 1);
        }
    }

    function _exponential(Parameters memory self, int256 diff) private pure returns (int256) {
        return exponential(Int8.requantise(int32(diff), self.multiplier, self.leftShift));
    }

    /// @dev e^`a` in Q0.31 for -1/4 <= `a` < 0 in Q0.31: a polynomial around -1/8.
    function _exponentialOfQuarter(int256 a) private pure returns (int256) {
        unchecked {
            int256 x = a + 2 ** 28;
            int256 x2 = Int8.highMultiply(x, x);
            int256 x3 = Int8.highMultiply(x2, x);
            int256 x4 = Int8.highMultiply(x2, x2);
            int256 higher = Int8.highMultiply(Int8.divideByPowerOfTwo(x4, 2) + x3, 715_827_883) + x2;
            return 1_895_147_668 + Int8.highMultiply(1_895_147_668, x + Int8.divideByPowerOfTwo(higher, 1));
        }
    }

    function _saturate(int256 value) private pure returns (int256) {
        if (value > type(int32).max) return type(int32).max;
        return value < type(int32).min ? int256(type(int32).min) : value;
    }

    /// @dev Of 32 bits.
    function _leadingZeros(uint256 value) private pure returns (uint256 result) {
        // 31 - Math.log2(value)
        assembly ("memory-safe") {
            result := sub(clz(value), 224)
        }
    }
}
