// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Descriptor} from "./Descriptor.sol";
import {Int8} from "./Int8.sol";
import {Lines, Window, Windows} from "./Windows.sol";

/// @title Pooling
/// @notice Average or greatest byte of a window, channel by channel.
library Pooling {
    using Descriptor for bytes;
    using Windows for Window;

    uint256 internal constant AVERAGE = 0;
    uint256 internal constant MAXIMUM = 1;

    struct Parameters {
        Window window;
        uint256 mode;
        uint8 clampMin;
        uint8 clampMax;
    }

    function read(bytes calldata descriptor) internal pure returns (Parameters memory parameters) {
        uint256 word = descriptor.wordAt(Descriptor.HEADER);
        Window memory window = parameters.window;
        parameters.mode = uint8(word >> 248);
        window.width = uint32(word >> 216);
        window.channels = uint32(word >> 184);
        window.kernelHeight = uint16(word >> 168);
        window.kernelWidth = uint16(word >> 152);
        window.strideHeight = uint16(word >> 136);
        window.strideWidth = uint16(word >> 120);
        (window.dilationHeight, window.dilationWidth) = (1, 1);
        window.padTop = uint16(word >> 104);
        window.padLeft = uint16(word >> 88);
        parameters.clampMin = uint8(word >> 80);
        parameters.clampMax = uint8(word >> 72);
    }

    /// @notice Output byte at column `column` of the row whose window touches `lines`.
    function element(Parameters memory self, Lines memory lines, uint256 column) internal pure returns (uint8) {
        Window memory window = self.window;
        uint256 channels = window.channels;
        (, uint256 count, uint256 first) = window.placesOf(column / channels);
        (uint256 sum, uint256 greatest) = (0, 0);
        uint256 offset = lines.offset + first * channels + (column % channels);
        for (uint256 i = 0; i < lines.count; ++i) {
            (sum, greatest) = _pool(lines.data, offset, channels, count, sum, greatest);
            offset += lines.step;
        }
        int256 value = self.mode == MAXIMUM ? int256(greatest) : _average(int256(sum), int256(lines.count * count));
        return Int8.clamp(value, self.clampMin, self.clampMax);
    }

    /// @dev Adds `count` bytes of `data` from `offset`, `step` apart, to a sum and a maximum.
    function _pool(
        bytes memory data,
        uint256 offset,
        uint256 step,
        uint256 count,
        uint256 sum,
        uint256 greatest
    ) private pure returns (uint256, uint256) {
        for (uint256 i = 0; i < count; ++i) {
            uint256 tap = uint8(data[offset + i * step]);
            sum += tap;
            if (tap > greatest) greatest = tap;
        }
        return (sum, greatest);
    }

    /// @dev Mean of `count` int8 values that are stored as bytes, to nearest, ties away from int8 zero; stored as a byte.
    function _average(int256 sum, int256 count) private pure returns (int256) {
        if (count == 0) return 128;
        sum -= 128 * count;
        return (sum > 0 ? sum + count / 2 : sum - count / 2) / count + 128;
    }
}
