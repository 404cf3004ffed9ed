// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Descriptor} from "./Descriptor.sol";

/// @title Move
/// @notice Reshape, transposition, slice, concatenation and padding: where each byte of the output comes from.
library Move {
    using Descriptor for bytes;

    uint256 internal constant MAX_RANK = 8;
    uint256 internal constant MAX_PIECES = 64;

    /// @dev Bytes of a piece before its axes, and of each axis.
    uint256 private constant PIECE = 6;
    uint256 private constant AXIS = 12;

    function lengthOf(bytes calldata descriptor) internal pure returns (uint256) {
        return _pieceAt(rankOf(descriptor), piecesOf(descriptor));
    }

    function fillOf(bytes calldata descriptor) internal pure returns (uint8) {
        return uint8(descriptor.wordAt(Descriptor.HEADER) >> 248);
    }

    function rankOf(bytes calldata descriptor) internal pure returns (uint256) {
        return uint8(descriptor.wordAt(Descriptor.HEADER + 1) >> 248);
    }

    function piecesOf(bytes calldata descriptor) internal pure returns (uint256) {
        return descriptor.wordAt(Descriptor.HEADER + 2 + 4 * rankOf(descriptor)) >> 248;
    }

    /// @notice Size of axis `axis` of the output.
    function dimOf(bytes calldata descriptor, uint256 axis) internal pure returns (uint256) {
        return descriptor.wordAt(Descriptor.HEADER + 2 + 4 * axis) >> 224;
    }

    /// @notice Tensor that piece `piece` comes from, and the byte of it that lands at the lowest corner of the box.
    function pieceOf(bytes calldata descriptor, uint256 piece) internal pure returns (uint256 source, uint256 base) {
        uint256 word = descriptor.wordAt(_pieceAt(rankOf(descriptor), piece));
        return (word >> 240, uint32(word >> 208));
    }

    /// @notice Where the box of piece `piece` begins and ends on axis `axis`, and how far apart its bytes are in the source.
    function axisOf(
        bytes calldata descriptor,
        uint256 piece,
        uint256 axis
    ) internal pure returns (uint256 low, uint256 high, uint256 stride) {
        uint256 word = descriptor.wordAt(_pieceAt(rankOf(descriptor), piece) + PIECE + AXIS * axis);
        return (word >> 224, uint32(word >> 192), uint32(word >> 160));
    }

    /// @notice Where byte `index` of the output comes from.
    /// @param coordinates Room for the coordinates of the byte: one for each axis.
    /// @return isFound False if no piece holds it: then it is `fillOf`.
    /// @return source Tensor.
    /// @return offset Byte of that tensor, rows joined.
    function locate(
        bytes calldata descriptor,
        uint256 index,
        uint256[] memory coordinates
    ) internal pure returns (bool isFound, uint256 source, uint256 offset) {
        for (uint256 axis = coordinates.length; axis > 0; --axis) {
            uint256 dim = dimOf(descriptor, axis - 1);
            (coordinates[axis - 1], index) = (index % dim, index / dim);
        }
        uint256 pieces = piecesOf(descriptor);
        for (uint256 piece = 0; piece < pieces && !isFound; ++piece) {
            (source, offset) = pieceOf(descriptor, piece);
            (isFound, offset) = _locateIn(descriptor, piece, offset, coordinates);
        }
    }

    function _locateIn(
        bytes calldata descriptor,
        uint256 piece,
        uint256 offset,
        uint256[] memory coordinates
    ) private pure returns (bool, uint256) {
        for (uint256 i = 0; i < coordinates.length; ++i) {
            (uint256 low, uint256 high, uint256 stride) = axisOf(descriptor, piece, i);
            if (coordinates[i] < low || coordinates[i] >= high) return (false, 0);
            offset += (coordinates[i] - low) * stride;
        }
        return (true, offset);
    }

    function _pieceAt(uint256 rank, uint256 piece) private pure returns (uint256) {
        return Descriptor.HEADER + 3 + 4 * rank + piece * (PIECE + AXIS * rank);
    }
}
