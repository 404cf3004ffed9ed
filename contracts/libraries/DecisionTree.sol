// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Descriptor} from "./Descriptor.sol";

/// @title DecisionTree
/// @notice Walks one tree of a forest. A tree is nodes(uint16 count) ‖ nodes ‖ leaves; a node is feature(uint16)
/// threshold(uint16) below(uint16) otherwise(uint16). What lies past the end of a tree reads zeros.
library DecisionTree {
    using Descriptor for bytes;

    struct Parameters {
        /// Bytes of a feature: 1 or 2.
        uint256 featureBytes;
        /// Int32 values of a leaf.
        uint256 values;
        /// Bytes of an encoded tree.
        uint256 rowLength;
        bytes32 weightsRoot;
    }

    /// @dev Bytes of a node, and before the first one.
    uint256 internal constant NODE = 8;
    uint256 internal constant NODES = 2;

    /// @dev Marks a child as a leaf.
    uint256 private constant LEAF = 0x8000;

    function read(bytes calldata descriptor) internal pure returns (Parameters memory parameters) {
        uint256 word = descriptor.wordAt(Descriptor.HEADER);
        parameters.featureBytes = uint8(word >> 248);
        parameters.values = uint16(word >> 232);
        parameters.rowLength = uint32(word >> 200);
        parameters.weightsRoot = bytes32(descriptor.wordAt(Descriptor.HEADER + 7));
    }

    /// @notice Byte `column` of the leaf that `features` lead to in the tree that stands in `trees` at `offset`.
    function element(
        Parameters memory self,
        bytes memory trees,
        uint256 offset,
        bytes memory features,
        uint256 column
    ) internal pure returns (uint8) {
        return byteAt(self, trees, offset, leafOf(self, trees, offset, features) + column);
    }

    /// @notice The byte at `position` of the tree that stands in `trees` at `offset`.
    function byteAt(
        Parameters memory self,
        bytes memory trees,
        uint256 offset,
        uint256 position
    ) internal pure returns (uint8) {
        return uint8(_read(self, trees, offset, position) >> 56);
    }

    /// @notice Where in its tree the leaf starts that `features` lead to.
    /// @dev Ends, because a next node comes after the last.
    function leafOf(
        Parameters memory self,
        bytes memory trees,
        uint256 offset,
        bytes memory features
    ) internal pure returns (uint256) {
        uint256 count = _read(self, trees, offset, 0) >> 48;
        uint256 leaf = 0;
        for (uint256 node = 0; node < count;) {
            uint256 word = _read(self, trees, offset, NODES + NODE * node);
            uint256 feature = (word >> 48) * self.featureBytes;
            if (feature + self.featureBytes > features.length) break;

            uint256 value = uint8(features[feature]);
            if (self.featureBytes == 2) value = (value << 8) | uint8(features[feature + 1]);
            uint256 next = value < uint16(word >> 32) ? uint16(word >> 16) : uint16(word);
            if (next >= LEAF) leaf = next - LEAF;
            if (next >= LEAF || next <= node) break;
            node = next;
        }
        return NODES + NODE * count + 4 * self.values * leaf;
    }

    /// @dev The eight bytes at `position` of the tree.
    function _read(
        Parameters memory self,
        bytes memory trees,
        uint256 offset,
        uint256 position
    ) private pure returns (uint256 word) {
        uint256 length = self.rowLength;
        if (position >= length) return 0;
        uint256 missing = position + NODE > length ? position + NODE - length : 0;
        // uint64(bytes8(trees[offset + position:])), whose last `missing` bytes are not of this tree
        assembly ("memory-safe") {
            word := shr(192, mload(add(add(add(trees, 0x20), offset), position)))
            word := shl(shl(3, missing), shr(shl(3, missing), word))
        }
    }
}
