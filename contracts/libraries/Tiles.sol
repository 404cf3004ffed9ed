// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Convolution} from "./Convolution.sol";
import {Dense} from "./Dense.sol";
import {Int8} from "./Int8.sol";
import {TileProduct} from "./TileProduct.sol";
import {Window, Windows} from "./Windows.sol";

/// @notice A convolution that is computed tile by tile: several positions of a line of the output at once.
struct Tiling {
    Convolution.Parameters conv;
    /// Lines of the source, and of the output.
    uint256 height;
    uint256 rows;
    /// Positions in a line of the output.
    uint256 width;
    /// Channels of a group.
    uint256 depth;
    /// Positions of a tile, and tiles of a line.
    uint256 positions;
    uint256 count;
    /// Polynomials of the source: channels of a tile of a line, then of the next tile, line by line, and at last those
    /// of a line outside the image.
    uint256[] places;
    /// Where in `places` each line of the window at each tile of the output starts.
    uint256[] starts;
    /// Polynomials of one weight row.
    uint256[] weights;
}

/// @title Tiles
/// @notice Runs a whole convolution by `TileProduct`.
library Tiles {
    using Windows for Window;

    /// @dev Least positions and least multiplications at once for which spreading pays.
    uint256 private constant LEAST_POSITIONS = 8;
    uint256 private constant LEAST_AT_ONCE = 5;

    /// @notice Lays out tiles for a convolution of `height` lines to `rows` rows of `rowBytes` bytes.
    /// @return self What `run` takes.
    /// @return isPaying Whether the kernel fits and saves gas; if not, `self` is no use.
    function lay(
        Convolution.Parameters memory conv,
        uint256 height,
        uint256 rows,
        uint256 rowBytes
    ) internal pure returns (Tiling memory self, bool isPaying) {
        Window memory window = conv.window;
        (self.conv, self.height, self.rows) = (conv, height, rows);
        self.width = rowBytes / conv.outputs;
        self.depth = window.channels / conv.groups;
        if (window.kernelWidth > TileProduct.TAPS || self.depth % 4 != 0) return (self, false);
        if (window.kernelWidth > 1 && window.dilationWidth > 1) return (self, false);

        self.positions = (TileProduct.PLACES - window.kernelWidth) / window.strideWidth + 1;
        self.count = (self.width + self.positions - 1) / self.positions;
        isPaying =
            rows * self.width >= LEAST_POSITIONS &&
            self.width * window.kernelWidth >= LEAST_AT_ONCE * self.count;
    }

    /// @notice Computes the whole `output` from all lines of the source, `image`, and all weight rows.
    function run(Tiling memory self, bytes memory image, bytes memory rows, bytes memory output) internal pure {
        _spreadImage(self, image);
        _findStarts(self);
        // Weights are spread 32 at a time.
        self.weights = new uint256[](self.conv.window.kernelHeight * self.depth + 31);
        uint256 stride = Dense.rowLength(self.conv.dense.inputs);
        for (uint256 i = 0; i < self.conv.outputs; ++i) {
            _spreadWeights(self, rows, i * stride + Dense.ROW_HEADER);
            _runOutput(self, i, rows, i * stride, output);
        }
    }

    /// @dev Spreads line by line, each between what lies outside the image to its left and right.
    function _spreadImage(Tiling memory self, bytes memory image) private pure {
        Window memory window = self.conv.window;
        uint256 size = (self.count - 1) * self.positions * window.strideWidth + TileProduct.PLACES;
        bytes memory line = Dense.allocate(size * window.channels);
        Convolution.fill(line, self.conv.inputZero);
        uint256 inside = size < window.padLeft ? 0 : size - window.padLeft;
        if (inside > window.width) inside = window.width;

        uint256 words = self.count * window.channels;
        self.places = new uint256[](self.height * words + window.channels);
        for (uint256 y = 0; y < self.height; ++y) {
            uint256 from = y * window.width * window.channels;
            Convolution.copy(image, from, line, window.padLeft * window.channels, inside * window.channels);
            _spreadLine(self, line, y * words);
        }
        TileProduct.spreadValue(self.conv.inputZero, self.places, self.height * words, window.channels);
    }

    /// @dev Spreads the tiles of `line` to the words from `index` on.
    function _spreadLine(Tiling memory self, bytes memory line, uint256 index) private pure {
        uint256 channels = self.conv.window.channels;
        uint256 step = self.positions * self.conv.window.strideWidth * channels;
        for (uint256 i = 0; i < self.count; ++i) {
            TileProduct.spreadPlaces(line, i * step, channels, self.places, index + i * channels);
        }
    }

    function _findStarts(Tiling memory self) private pure {
        Window memory window = self.conv.window;
        uint256 lineWords = self.count * window.channels;
        self.starts = new uint256[](self.rows * self.count * window.kernelHeight);
        uint256 start = 0;
        for (uint256 row = 0; row < self.rows; ++row) {
            (uint256 skipped, uint256 inside, uint256 first) = window.linesOf(row, self.height);
            for (uint256 i = 0; i < self.count; ++i) {
                for (uint256 k = 0; k < window.kernelHeight; ++k) {
                    bool isInside = k >= skipped && k < skipped + inside;
                    self.starts[start++] =
                        isInside
                            ? (first + (k - skipped) * window.dilationHeight) * lineWords + i * window.channels
                            : self.height * lineWords;
                }
            }
        }
    }

    /// @dev Spreads the weight row whose weights start at byte `offset` of `rows`.
    function _spreadWeights(Tiling memory self, bytes memory rows, uint256 offset) private pure {
        (uint256 depth, uint256 taps) = (self.depth, self.conv.window.kernelWidth);
        for (uint256 i = 0; i < self.conv.window.kernelHeight; ++i) {
            TileProduct.spreadWeights(rows, offset, i * taps * depth, depth, taps, self.weights, i * depth);
        }
    }

    /// @dev Computes output channel `index`, whose weight row starts at byte `offset` of `rows`, at all positions.
    function _runOutput(
        Tiling memory self,
        uint256 index,
        bytes memory rows,
        uint256 offset,
        bytes memory output
    ) private pure {
        uint256 channel = _pack(self, rows, offset) | index;
        uint256 source = (index / (self.conv.outputs / self.conv.groups)) * self.depth;
        uint256 step = (self.conv.window.strideWidth << 144) | self.conv.outputs;
        uint256 left = self.width;
        for (uint256 start = 0; start < self.starts.length; start += self.conv.window.kernelHeight) {
            uint256 positions = left < self.positions ? left : self.positions;
            (uint256 even, uint256 odd) = _multiply(self, start, source);
            _write(channel, step, even, odd, positions, output);
            channel += positions * self.conv.outputs;
            left = left == positions ? self.width : left - positions;
        }
    }

    /// @dev What an output channel does with its sums, in one word: from the top, bias (4 bytes), multiplier (4), shifts to the
    /// left and to the right, zero, least and greatest output, and coefficient of the next position (1 each); the lowest half
    /// is the byte of the output to write next. Loops that keep these apart are slowed down by their stack.
    function _pack(Tiling memory self, bytes memory rows, uint256 offset) private pure returns (uint256 channel) {
        (int32 bias, int32 multiplier, int8 shift) = Dense.header(rows, offset);
        (uint256 left, uint256 right) = Int8.shifts(shift);
        Dense.Parameters memory dense = self.conv.dense;
        channel =
            (uint256(uint32(bias)) << 224) |
            (uint256(uint32(multiplier)) << 192) |
            (left << 184) |
            (right << 176);
        channel |= (uint256(dense.outputZero) << 168) | (uint256(dense.clampMin) << 160);
        return channel | (uint256(dense.clampMax) << 152) | ((self.conv.window.kernelWidth - 1) << 144);
    }

    /// @dev Sums of the tile whose window is at `start`.
    function _multiply(
        Tiling memory self,
        uint256 start,
        uint256 source
    ) private pure returns (uint256 even, uint256 odd) {
        uint256 lines = self.conv.window.kernelHeight;
        return TileProduct.products(self.places, self.starts, start, source, self.weights, lines, self.depth);
    }

    /// @dev Writes the bytes of the first `positions` positions of a tile; `step` leads from one to the next.
    function _write(
        uint256 channel,
        uint256 step,
        uint256 even,
        uint256 odd,
        uint256 positions,
        bytes memory output
    ) private pure {
        // Sums fit 65 bits, requantised ones 32.
        unchecked {
            for (; positions > 0; --positions) {
                int256 sum = TileProduct.coefficientOf(even, odd, uint8(channel >> 144));
                int256 value = Int8.requantise(
                    int32((int256(channel) >> 224) + sum),
                    int32(uint32(channel >> 192)),
                    uint8(channel >> 184),
                    uint8(channel >> 176)
                );
                value += int256(uint256(uint8(channel >> 168)));
                uint8 byte_ = Int8.clamp(value, uint8(channel >> 160), uint8(channel >> 152));
                Convolution.put(output, uint128(channel), byte_);
                channel += step;
            }
        }
    }
}
