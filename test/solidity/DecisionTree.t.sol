// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DecisionTree} from "../../contracts/libraries/DecisionTree.sol";
import {Harness} from "./Harness.sol";

/// @notice The walk of a tree against one that reads byte by byte.
contract DecisionTreeTest is Harness {
    using DecisionTree for DecisionTree.Parameters;

    /// @dev Any bytes are a tree, however short; what stands before and after it in memory is not.
    function testFuzz_walksAnyBytes(
        bytes memory tree,
        bytes memory features,
        uint256 column,
        bool isWide
    ) external pure {
        _bend(tree, features.length);
        column = bound(column, 0, 11);
        DecisionTree.Parameters memory parameters = DecisionTree.Parameters(isWide ? 2 : 1, 3, tree.length, "");
        bytes memory trees = bytes.concat(hex"ffffff", tree, hex"ffffffffffffffffffffffffffffffff");
        uint256 expected = _walk(parameters, tree, features, column);
        assertEq(parameters.element(trees, 3, features, column), expected, "leaf");
    }

    function test_aChildThatGoesBackEndsAtTheFirstLeaf() external pure {
        bytes memory tree = bytes.concat(hex"0002", _node(0, 9, 1, 0), _node(0, 5, 1, 0x8001), hex"0000000a0000000b");
        DecisionTree.Parameters memory parameters = DecisionTree.Parameters(1, 1, tree.length, "");
        assertEq(parameters.element(tree, 0, hex"07", 3), 0x0b, "two steps to the second leaf");
        assertEq(parameters.element(tree, 0, hex"03", 3), 0x0a, "a node that leads to itself");
        assertEq(parameters.element(tree, 0, hex"09", 3), 0x0a, "a node that leads to the first");
        assertEq(parameters.element(tree, 0, hex"", 3), 0x0a, "a feature past the end");
    }

    /// @dev Makes a node count that fits and features that exist likely.
    function _bend(bytes memory tree, uint256 features) internal pure {
        if (tree.length < 2) return;
        tree[0] = 0;
        tree[1] = bytes1(uint8(tree[1]) % uint8(2 + tree.length / 16));
        for (uint256 i = 2; i < tree.length; ++i) {
            uint256 field = (i - 2) % 8;
            if (field == 0) tree[i] = 0;
            if (field == 1) tree[i] = bytes1(uint8(uint8(tree[i]) % (features + 1)));
            if (field == 4 || field == 6) tree[i] = bytes1(uint8(tree[i]) & 0x80);
            if (field == 5 || field == 7) tree[i] = bytes1(uint8(tree[i]) % 8);
        }
    }

    function _walk(
        DecisionTree.Parameters memory self,
        bytes memory tree,
        bytes memory features,
        uint256 column
    ) internal pure returns (uint256) {
        uint256 count = _number(tree, 0);
        (uint256 node, uint256 leaf) = (0, 0);
        while (node < count) {
            uint256 at = 2 + 8 * node;
            uint256 feature = _number(tree, at) * self.featureBytes;
            if (feature + self.featureBytes > features.length) break;
            uint256 value = self.featureBytes == 1 ? uint8(features[feature]) : _number(features, feature);
            uint256 next = _number(tree, at + (value < _number(tree, at + 2) ? 4 : 6));
            if (next >= 0x8000) {
                leaf = next - 0x8000;
                break;
            }
            if (next <= node) break;
            node = next;
        }
        return _at(tree, 2 + 8 * count + 4 * self.values * leaf + column);
    }

    function _number(bytes memory data, uint256 position) internal pure returns (uint256) {
        return 256 * _at(data, position) + _at(data, position + 1);
    }

    function _at(bytes memory data, uint256 position) internal pure returns (uint256) {
        return position < data.length ? uint8(data[position]) : 0;
    }

    function _node(
        uint16 feature,
        uint16 threshold,
        uint16 below,
        uint16 otherwise
    ) internal pure returns (bytes memory) {
        return abi.encodePacked(feature, threshold, below, otherwise);
    }
}
