// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Dense} from "./Dense.sol";
import {Descriptor} from "./Descriptor.sol";
import {Lines, Window, Windows} from "./Windows.sol";

/// @title Convolution
/// @notice Gathers what a two-dimensional convolution reads for one element; the element is then that of a neuron.
library Convolution {
    using Descriptor for bytes;
    using Windows for Window;

    struct Parameters {
        Window window;
        /// Output channels, and weight rows.
        uint256 outputs;
        uint256 groups;
        /// Byte of a tap outside the image.
        uint256 inputZero;
        /// The neuron over the window.
        Dense.Parameters dense;
    }

    function read(bytes calldata descriptor) internal pure returns (Parameters memory parameters) {
        uint256 word = descriptor.wordAt(Descriptor.HEADER);
        Window memory window = parameters.window;
        window.width = uint32(word >> 224);
        window.channels = uint32(word >> 192);
        parameters.outputs = uint32(word >> 160);
        parameters.groups = uint32(word >> 128);
        window.kernelHeight = uint16(word >> 112);
        window.kernelWidth = uint16(word >> 96);
        window.strideHeight = uint16(word >> 80);
        window.strideWidth = uint16(word >> 64);
        window.dilationHeight = uint16(word >> 48);
        window.dilationWidth = uint16(word >> 32);
        window.padTop = uint16(word >> 16);
        window.padLeft = uint16(word);

        word = descriptor.wordAt(Descriptor.HEADER + 32);
        parameters.inputZero = uint8(word >> 248);
        Dense.Parameters memory dense = parameters.dense;
        dense.outputZero = uint8(word >> 240);
        dense.clampMin = uint8(word >> 232);
        dense.clampMax = uint8(word >> 224);
        dense.weightsRoot = bytes32(descriptor.wordAt(Descriptor.HEADER + 36));
        // No groups are none to divide by: what says so is refused wherever it is read.
        uint256 depth = parameters.groups == 0 ? 0 : window.channels / parameters.groups;
        dense.inputs = window.kernelHeight * window.kernelWidth * depth;
    }

    /// @notice Fills `taps`, which holds a whole window, with what group `group` reads at output position `position`.
    /// @param lines Lines that the window touches.
    function gather(
        Parameters memory self,
        bytes memory taps,
        Lines memory lines,
        uint256 position,
        uint256 group
    ) internal pure {
        Window memory window = self.window;
        (uint256 skipped, uint256 count, uint256 first) = window.placesOf(position);
        if (count < window.kernelWidth || lines.count < window.kernelHeight) fill(taps, self.inputZero);

        uint256 depth = window.channels / self.groups;
        uint256 from = lines.offset + first * window.channels + group * depth;
        uint256 to = (lines.skipped * window.kernelWidth + skipped) * depth;
        for (uint256 i = 0; i < lines.count; ++i) {
            _gatherLine(self, taps, to, lines.data, from, count);
            from += lines.step;
            to += window.kernelWidth * depth;
        }
    }

    /// @dev Copies `count` places of a line: at once where they lie side by side.
    function _gatherLine(
        Parameters memory self,
        bytes memory taps,
        uint256 to,
        bytes memory data,
        uint256 from,
        uint256 count
    ) private pure {
        Window memory window = self.window;
        uint256 depth = window.channels / self.groups;
        if (self.groups == 1 && window.dilationWidth == 1) return copy(data, from, taps, to, count * depth);

        uint256 step = window.dilationWidth * window.channels;
        for (uint256 i = 0; i < count; ++i) copy(data, from + i * step, taps, to + i * depth, depth);
    }

    /// @notice Copies `length` bytes of `data` at `from` to `taps` at `to`.
    /// @dev Warning: both ranges must lie within their arrays; `Windows` names places inside the image only.
    function copy(bytes memory data, uint256 from, bytes memory taps, uint256 to, uint256 length) internal pure {
        // for (uint256 i = 0; i < length; ++i) taps[to + i] = data[from + i];
        assembly ("memory-safe") {
            mcopy(add(add(taps, 0x20), to), add(add(data, 0x20), from), length)
        }
    }

    /// @notice Sets byte `index` of `data`.
    /// @dev Warning: it must lie within.
    function put(bytes memory data, uint256 index, uint8 value) internal pure {
        // data[index] = bytes1(value);
        assembly ("memory-safe") {
            mstore8(add(add(data, 0x20), index), value)
        }
    }

    /// @notice Fills `taps` with `value`, and what is left of its last word with zeros.
    function fill(bytes memory taps, uint256 value) internal pure {
        // for (uint256 i = 0; i < taps.length; ++i) taps[i] = bytes1(uint8(value));
        assembly ("memory-safe") {
            let word := mul(value, div(not(0), 0xff))
            let cursor := add(taps, 0x20)
            let end := add(cursor, mload(taps))
            for {} lt(cursor, end) {
                cursor := add(cursor, 0x20)
            } {
                mstore(cursor, word)
            }
            let excess := shl(3, sub(cursor, end))
            if excess {
                mstore(sub(cursor, 0x20), shl(excess, shr(excess, word)))
            }
        }
    }
}
