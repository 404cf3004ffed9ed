// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Convolution} from "../../contracts/libraries/Convolution.sol";
import {Dense} from "../../contracts/libraries/Dense.sol";
import {Pooling} from "../../contracts/libraries/Pooling.sol";
import {Lines, Window, Windows} from "../../contracts/libraries/Windows.sol";
import {Harness} from "./Harness.sol";

/// @notice Windows gathered line by line and run by run, against a look at each tap alone.
contract WindowsTest is Harness {
    using Convolution for Convolution.Parameters;
    using Pooling for Pooling.Parameters;
    using Windows for Window;

    /// @dev Where an element is, and how high the image that it reads.
    struct Place {
        uint256 height;
        uint256 row;
        uint256 position;
    }

    function testFuzz_gathersLikeALookAtEachTap(bytes32 seed) external pure {
        (Convolution.Parameters memory conv, Place memory place) = _random(seed);
        bytes memory image = _image(conv.window, place.height, seed);
        uint256 depth = conv.window.channels / conv.groups;
        bytes memory taps = Dense.allocate(conv.window.kernelHeight * conv.window.kernelWidth * depth);
        uint256 group = uint256(seed) % conv.groups;
        // What an earlier window left must not show.
        for (uint256 i = 0; i < taps.length; ++i) taps[i] = 0xaa;

        conv.gather(taps, _inPlace(conv.window, place, image), place.position, group);
        _compare(conv, place, image, taps, group);
        _requireZerosBehind(taps);

        conv.gather(taps, _opened(conv.window, place, image), place.position, group);
        _compare(conv, place, image, taps, group);
    }

    function testFuzz_poolsLikeALookAtEachTap(bytes32 seed, bool isMaximum) external pure {
        (Convolution.Parameters memory conv, Place memory place) = _random(seed);
        (conv.window.dilationHeight, conv.window.dilationWidth) = (1, 1);
        uint8 clamp = uint8(uint256(seed) >> 248);
        Pooling.Parameters memory pool = Pooling.Parameters(conv.window, isMaximum ? 1 : 0, clamp / 4, 255 - clamp / 4);
        bytes memory image = _image(conv.window, place.height, seed);
        uint256 channel = uint256(seed) % conv.window.channels;
        uint256 column = place.position * conv.window.channels + channel;

        int256 expected = _pooled(pool, place, image, channel);
        if (expected < int256(uint256(pool.clampMin))) expected = int256(uint256(pool.clampMin));
        if (expected > int256(uint256(pool.clampMax))) expected = int256(uint256(pool.clampMax));
        assertEq(pool.element(_inPlace(conv.window, place, image), column), uint256(expected), "in place");
        assertEq(pool.element(_opened(conv.window, place, image), column), uint256(expected), "opened");
    }

    function test_numbersAsLargeAsTheyGet() external pure {
        Window memory window = Window(2 ** 32 - 1, 1, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535);
        (uint256 skipped, uint256 count, uint256 first) = window.linesOf(2 ** 32 - 1, 2 ** 32 - 1);
        assertEq(count, 0, "past the image");
        (skipped, count, first) = window.linesOf(0, 2 ** 32 - 1);
        assertEq(skipped, 1, "skipped");
        assertEq(first, 0, "first");
        assertEq(count, 65534, "count");
        (skipped, count, first) = window.linesOf(0, 1);
        assertEq(count, 1, "one line");
    }

    /* REFERENCE */

    /// @dev The byte of tap (`y`, `x`) of a window, channel `channel`; negative outside the image.
    function _tap(
        Window memory window,
        Place memory place,
        bytes memory image,
        uint256 y,
        uint256 x,
        uint256 channel
    ) internal pure returns (int256) {
        int256 line = int256(place.row * window.strideHeight + y * window.dilationHeight) - int256(window.padTop);
        int256 at = int256(place.position * window.strideWidth + x * window.dilationWidth) - int256(window.padLeft);
        if (line < 0 || at < 0 || line >= int256(place.height) || at >= int256(window.width)) return -1;
        uint256 offset = (uint256(line) * window.width + uint256(at)) * window.channels + channel;
        return int256(uint256(uint8(image[offset])));
    }

    function _compare(
        Convolution.Parameters memory conv,
        Place memory place,
        bytes memory image,
        bytes memory taps,
        uint256 group
    ) internal pure {
        Window memory window = conv.window;
        uint256 depth = window.channels / conv.groups;
        for (uint256 i = 0; i < taps.length; ++i) {
            (uint256 y, uint256 x) = (i / depth / window.kernelWidth, (i / depth) % window.kernelWidth);
            int256 expected = _tap(window, place, image, y, x, group * depth + (i % depth));
            if (expected < 0) expected = int256(conv.inputZero);
            assertEq(uint8(taps[i]), uint256(expected), "tap");
        }
    }

    function _pooled(
        Pooling.Parameters memory pool,
        Place memory place,
        bytes memory image,
        uint256 channel
    ) internal pure returns (int256) {
        (int256 sum, int256 count, int256 greatest) = (0, 0, -128);
        for (uint256 i = 0; i < pool.window.kernelHeight * pool.window.kernelWidth; ++i) {
            (uint256 y, uint256 x) = (i / pool.window.kernelWidth, i % pool.window.kernelWidth);
            int256 tap = _tap(pool.window, place, image, y, x, channel);
            if (tap < 0) continue;
            (sum, count) = (sum + tap - 128, count + 1);
            if (tap - 128 > greatest) greatest = tap - 128;
        }
        if (pool.mode == Pooling.MAXIMUM) return greatest + 128;
        if (count == 0) return 128;
        return (sum > 0 ? sum + count / 2 : sum - count / 2) / count + 128;
    }

    /* CASES */

    function _random(bytes32 seed) internal pure returns (Convolution.Parameters memory conv, Place memory place) {
        Window memory window = conv.window;
        uint256 bits = uint256(keccak256(abi.encode(seed)));
        conv.groups = 1 + (bits % 3);
        window.channels = conv.groups * (1 + ((bits >> 8) % 40));
        window.width = 1 + ((bits >> 16) % 6);
        window.kernelHeight = 1 + ((bits >> 24) % 4);
        window.kernelWidth = 1 + ((bits >> 32) % 4);
        window.strideHeight = 1 + ((bits >> 40) % 3);
        window.strideWidth = 1 + ((bits >> 48) % 3);
        window.dilationHeight = 1 + ((bits >> 56) % 3);
        window.dilationWidth = 1 + ((bits >> 64) % 3);
        window.padTop = (bits >> 72) % 8;
        window.padLeft = (bits >> 80) % 8;
        conv.inputZero = uint8(bits >> 88);
        place = Place(1 + ((bits >> 96) % 6), (bits >> 104) % 8, (bits >> 112) % 8);
    }

    function _image(Window memory window, uint256 height, bytes32 seed) internal pure returns (bytes memory image) {
        image = new bytes(height * window.width * window.channels);
        for (uint256 i = 0; i < image.length; i += 32) {
            bytes32 word = keccak256(abi.encode(seed, i));
            for (uint256 j = i; j < image.length && j < i + 32; ++j) image[j] = word[j - i];
        }
    }

    /// @dev As a whole run finds the lines: in the image.
    function _inPlace(
        Window memory window,
        Place memory place,
        bytes memory image
    ) internal pure returns (Lines memory lines) {
        uint256 lineBytes = window.width * window.channels;
        uint256 first;
        (lines.skipped, lines.count, first) = window.linesOf(place.row, place.height);
        (lines.data, lines.offset, lines.step) = (image, first * lineBytes, window.dilationHeight * lineBytes);
    }

    /// @dev As a proof brings the lines: one after the other.
    function _opened(
        Window memory window,
        Place memory place,
        bytes memory image
    ) internal pure returns (Lines memory lines) {
        lines = _inPlace(window, place, image);
        uint256 lineBytes = window.width * window.channels;
        bytes memory data = new bytes(lines.count * lineBytes);
        for (uint256 i = 0; i < data.length; ++i) {
            data[i] = image[lines.offset + (i / lineBytes) * lines.step + (i % lineBytes)];
        }
        (lines.data, lines.offset, lines.step) = (data, 0, lineBytes);
    }

    function _requireZerosBehind(bytes memory taps) internal pure {
        uint256 last;
        assembly ("memory-safe") {
            last := mload(add(taps, and(add(mload(taps), 0x1f), not(0x1f))))
        }
        uint256 used = taps.length % 32;
        if (used != 0) assertEq(last << (8 * used), 0, "not zero behind the taps");
    }
}
