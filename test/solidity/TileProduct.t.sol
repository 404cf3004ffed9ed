// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {TileProduct} from "../../contracts/libraries/TileProduct.sol";
import {Harness} from "./Harness.sol";

/// @notice The packed kernel against the loops it replaces.
contract TileProductTest is Harness {
    uint256 internal constant X = 2 ** 24;

    function testFuzz_spreadsPlacesLikeTheLoop(
        uint256 channels,
        uint256 offset,
        uint256 index,
        bytes32 seed
    ) external pure {
        (channels, offset, index) = (bound(channels, 1, 70), bound(offset, 0, 40), bound(index, 0, 5));
        bytes memory line = _random(offset + 10 * channels, seed);
        uint256[] memory words = new uint256[](index + channels + 2);
        TileProduct.spreadPlaces(line, offset, channels, words, index);
        for (uint256 i = 0; i < index; ++i) assertEq(words[i], 0, "before");
        for (uint256 c = 0; c < channels; ++c) {
            uint256 expected = 0;
            for (uint256 j = 0; j < 10; ++j) expected += uint256(uint8(line[offset + j * channels + c])) * X ** j;
            assertEq(words[index + c], expected, "place");
        }
    }

    function testFuzz_spreadsAValueLikeTheLoop(uint8 value, uint256 count) external pure {
        count = bound(count, 0, 20);
        uint256[] memory words = new uint256[](count + 2);
        TileProduct.spreadValue(value, words, 1, count);
        uint256 expected = 0;
        for (uint256 j = 0; j < 10; ++j) expected += value * X ** j;
        for (uint256 i = 1; i <= count; ++i) assertEq(words[i], expected, "value");
        assertEq(words[0], 0, "before");
        assertEq(words[count + 1], 0, "behind");
    }

    function testFuzz_spreadsWeightsLikeTheLoop(
        uint256 quarters,
        uint256 first,
        uint256 taps,
        uint256 offset,
        bytes32 seed
    ) external pure {
        uint256 depth = 4 * bound(quarters, 1, 20);
        (first, taps, offset) = (4 * bound(first, 0, 20), bound(taps, 1, 3), bound(offset, 0, 40));
        bytes memory rows = _random(offset + ((first + taps * depth + 31) / 32) * 32, seed);
        uint256[] memory words = new uint256[](2 + depth + 31);
        TileProduct.spreadWeights(rows, offset, first, depth, taps, words, 2);
        assertEq(words[0], 0, "before");
        assertEq(words[1], 0, "before");
        for (uint256 c = 0; c < depth; ++c) {
            uint256 expected = 0;
            for (uint256 t = 0; t < taps; ++t) {
                uint256 weight = uint8(rows[offset + _place(first + t * depth + c)]);
                unchecked {
                    expected = expected * X + weight - 128;
                }
            }
            assertEq(words[2 + c], expected, "weights");
        }
    }

    /// @dev Inputs and weights at their ends and between, over the borders of sixteen words and of a segment.
    function testFuzz_multipliesLikeTheLoop(
        uint256 depth,
        uint256 lines,
        uint256 taps,
        uint8 mode,
        bytes32 seed
    ) external pure {
        (depth, lines, taps) = (4 * bound(depth, 1, 50), bound(lines, 1, 3), bound(taps, 1, 3));
        _compare(depth, lines, taps, mode % 6, seed);
    }

    /// @dev The largest and the least sums that a coefficient can hold, at and over the border of a segment.
    function test_noCarryWhereEveryByteIsExtreme() external pure {
        uint256[5] memory depths = [uint256(76), 80, 84, 160, 404];
        for (uint256 i = 0; i < depths.length; ++i) {
            for (uint256 taps = 1; taps <= 3; ++taps) {
                for (uint256 mode = 0; mode < 3; ++mode) _compare(depths[i], 2, taps, mode, bytes32(i));
            }
        }
    }

    struct Case {
        uint256 depth;
        uint256 lines;
        uint256 taps;
        uint256 mode;
        bytes32 seed;
        /// Ten bytes of each word of the places, and the weights of each word.
        int256[][] inputs;
        int256[][] kernel;
    }

    function _compare(uint256 depth, uint256 lines, uint256 taps, uint256 mode, bytes32 seed) internal pure {
        Case memory self;
        (self.depth, self.lines, self.taps, self.mode, self.seed) = (depth, lines, taps, mode, seed);
        (uint256 even, uint256 odd) = _products(self);
        for (uint256 m = taps - 1; m < 10; ++m) {
            assertEq(uint256(TileProduct.coefficientOf(even, odd, m)), uint256(_sum(self, m)), "coefficient");
        }
    }

    /// @dev Lines of the kernel read lines of the image from the last to the first, behind one more channel.
    function _products(Case memory self) internal pure returns (uint256 even, uint256 odd) {
        uint256[] memory places = _places(self);
        uint256[] memory weights = _kernel(self);
        uint256[] memory starts = new uint256[](self.lines + 1);
        for (uint256 i = 0; i < self.lines; ++i) starts[i + 1] = (self.lines - 1 - i) * self.depth + 2;
        return TileProduct.products(places, starts, 1, 1, weights, self.lines, self.depth);
    }

    function _sum(Case memory self, uint256 coefficient) internal pure returns (int256 sum) {
        for (uint256 i = 0; i < self.lines; ++i) {
            for (uint256 c = 0; c < self.depth; ++c) {
                int256[] memory weights = self.kernel[i * self.depth + c];
                int256[] memory inputs = self.inputs[(self.lines - 1 - i) * self.depth + c];
                for (uint256 t = 0; t < self.taps; ++t) sum += weights[t] * inputs[coefficient + 1 + t - self.taps];
            }
        }
    }

    /// @return places Polynomials, the first of them three words on.
    function _places(Case memory self) internal pure returns (uint256[] memory places) {
        uint256 count = self.lines * self.depth;
        (places, self.inputs) = (new uint256[](3 + count), new int256[][](count));
        for (uint256 i = 0; i < count; ++i) {
            self.inputs[i] = new int256[](10);
            bytes32 random = keccak256(abi.encode(self.seed, i));
            for (uint256 j = 0; j < 10; ++j) {
                uint8 value = self.mode < 3 ? 255 : uint8(random[j]);
                if (self.mode == 3) value = value < 128 ? 0 : 255;
                self.inputs[i][j] = int256(uint256(value));
                places[3 + i] += value * X ** j;
            }
        }
    }

    function _kernel(Case memory self) internal pure returns (uint256[] memory weights) {
        uint256 count = self.lines * self.depth;
        (weights, self.kernel) = (new uint256[](count), new int256[][](count));
        for (uint256 i = 0; i < count; ++i) {
            self.kernel[i] = new int256[](self.taps);
            bytes32 random = keccak256(abi.encode(self.seed, "kernel", i));
            int256 word = 0;
            for (uint256 t = 0; t < self.taps; ++t) {
                int256 value = int256(int8(uint8(random[t])));
                if (self.mode == 0) value = 127;
                if (self.mode == 1) value = -128;
                if (self.mode == 2 || self.mode == 4) value = value < 0 ? -128 : int256(127);
                self.kernel[i][t] = value;
                word = word * int256(X) + value;
            }
            weights[i] = uint256(word);
        }
    }

    /// @dev Where weight `i` is stored: its group of four is the mirror image within the word.
    function _place(uint256 i) internal pure returns (uint256) {
        return 32 * (i / 32) + 4 * (7 - (i % 32) / 4) + (i % 4);
    }

    function _random(uint256 length, bytes32 seed) internal pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i = 0; i < length; ++i) data[i] = keccak256(abi.encode(seed, i))[0];
    }
}
