// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice How a window moves over an image whose lines are the rows of a tensor.
struct Window {
    /// Places in a line.
    uint256 width;
    /// Bytes of each place.
    uint256 channels;
    uint256 kernelHeight;
    uint256 kernelWidth;
    uint256 strideHeight;
    uint256 strideWidth;
    uint256 dilationHeight;
    uint256 dilationWidth;
    /// Lines and places that lie outside the image before its first ones.
    uint256 padTop;
    uint256 padLeft;
}

/// @notice Lines of an image that a window touches, in memory.
struct Lines {
    bytes data;
    /// Byte of `data` where the first of them starts.
    uint256 offset;
    /// Bytes from the start of one to the start of the next.
    uint256 step;
    /// Lines of the window before the first of them.
    uint256 skipped;
    uint256 count;
}

/// @title Windows
/// @notice Which places of an image a window touches.
library Windows {
    /// @notice Lines that the window of output row `row` touches, of an image of `height` lines.
    /// @return skipped Taps before the first line inside the image.
    /// @return count Lines inside the image.
    /// @return first Number of the first of them; the others follow `dilationHeight` apart.
    function linesOf(
        Window memory self,
        uint256 row,
        uint256 height
    ) internal pure returns (uint256 skipped, uint256 count, uint256 first) {
        return _inside(row * self.strideHeight, self.padTop, self.dilationHeight, self.kernelHeight, height);
    }

    /// @notice Places of each line that the window at output position `position` touches, as `linesOf`.
    function placesOf(
        Window memory self,
        uint256 position
    ) internal pure returns (uint256 skipped, uint256 count, uint256 first) {
        return _inside(position * self.strideWidth, self.padLeft, self.dilationWidth, self.kernelWidth, self.width);
    }

    /// @dev Taps start at `start` − `pad`, `dilation` apart; those from 0 to `size` − 1 are inside.
    function _inside(
        uint256 start,
        uint256 pad,
        uint256 dilation,
        uint256 kernel,
        uint256 size
    ) private pure returns (uint256 skipped, uint256 count, uint256 first) {
        if (start < pad) skipped = (pad - start + dilation - 1) / dilation;
        first = start + skipped * dilation - pad;
        if (skipped >= kernel || first >= size) return (0, 0, 0);

        count = (size - first - 1) / dilation + 1;
        if (count > kernel - skipped) count = kernel - skipped;
    }
}
