// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Descriptor} from "./Descriptor.sol";
import {Int8} from "./Int8.sol";

/// @title Elementwise
/// @notice Sum and product of two tensors of different scales, element by element.
library Elementwise {
    using Descriptor for bytes;

    struct Sum {
        uint16 other;
        uint8 leftShift;
        uint8 zero1;
        int32 multiplier1;
        int8 shift1;
        uint8 zero2;
        int32 multiplier2;
        int8 shift2;
        int32 multiplier;
        int8 shift;
        uint8 outputZero;
        uint8 clampMin;
        uint8 clampMax;
    }

    struct Product {
        uint16 other;
        uint8 zero1;
        uint8 zero2;
        int32 multiplier;
        int8 shift;
        uint8 outputZero;
        uint8 clampMin;
        uint8 clampMax;
    }

    /// @notice The second tensor that an operator reads.
    function otherOf(bytes calldata descriptor) internal pure returns (uint256) {
        return uint16(descriptor.wordAt(Descriptor.HEADER) >> 240);
    }

    function readSum(bytes calldata descriptor) internal pure returns (Sum memory parameters) {
        uint256 word = descriptor.wordAt(Descriptor.HEADER);
        parameters.other = uint16(word >> 240);
        parameters.leftShift = uint8(word >> 232);
        parameters.zero1 = uint8(word >> 224);
        parameters.multiplier1 = int32(uint32(word >> 192));
        parameters.shift1 = int8(uint8(word >> 184));
        parameters.zero2 = uint8(word >> 176);
        parameters.multiplier2 = int32(uint32(word >> 144));
        parameters.shift2 = int8(uint8(word >> 136));
        parameters.multiplier = int32(uint32(word >> 104));
        parameters.shift = int8(uint8(word >> 96));
        parameters.outputZero = uint8(word >> 88);
        parameters.clampMin = uint8(word >> 80);
        parameters.clampMax = uint8(word >> 72);
    }

    function readProduct(bytes calldata descriptor) internal pure returns (Product memory parameters) {
        uint256 word = descriptor.wordAt(Descriptor.HEADER);
        parameters.other = uint16(word >> 240);
        parameters.zero1 = uint8(word >> 232);
        parameters.zero2 = uint8(word >> 224);
        parameters.multiplier = int32(uint32(word >> 192));
        parameters.shift = int8(uint8(word >> 184));
        parameters.outputZero = uint8(word >> 176);
        parameters.clampMin = uint8(word >> 168);
        parameters.clampMax = uint8(word >> 160);
    }

    function add(Sum memory self, uint8 x1, uint8 x2) internal pure returns (uint8) {
        // A difference of bytes shifted by at most 22 bits fits 31, and requantised values fit 32, whose sum is meant to wrap.
        unchecked {
            int256 left = (int256(uint256(x1)) - int256(uint256(self.zero1))) << self.leftShift;
            int256 right = (int256(uint256(x2)) - int256(uint256(self.zero2))) << self.leftShift;
            left = Int8.requantise(int32(left), self.multiplier1, self.shift1);
            right = Int8.requantise(int32(right), self.multiplier2, self.shift2);
            int256 value = Int8.requantise(int32(left + right), self.multiplier, self.shift);
            return Int8.clamp(value + int256(uint256(self.outputZero)), self.clampMin, self.clampMax);
        }
    }

    function multiply(Product memory self, uint8 x1, uint8 x2) internal pure returns (uint8) {
        // A product of two differences of bytes fits 17 bits.
        unchecked {
            int256 left = int256(uint256(x1)) - int256(uint256(self.zero1));
            int256 right = int256(uint256(x2)) - int256(uint256(self.zero2));
            int256 value = Int8.requantise(int32(left * right), self.multiplier, self.shift);
            return Int8.clamp(value + int256(uint256(self.outputZero)), self.clampMin, self.clampMax);
        }
    }
}
