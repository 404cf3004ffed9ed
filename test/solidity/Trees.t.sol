// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Trees} from "../../contracts/libraries/Trees.sol";
import {Harness} from "./Harness.sol";

/// @notice Trees against their definition, written out.
contract TreesTest is Harness {
    uint256 internal constant MAX_LEAVES = 70;

    function testFuzz_topIsTheDefinition(uint256 count, bytes32 seed) external pure {
        bytes32[] memory leaves = _leaves(bound(count, 1, MAX_LEAVES), seed);
        bytes32 expected = _node(leaves, 0, _depth(leaves.length));
        assertEq(uint256(Trees.top(leaves)), uint256(expected), "top");
    }

    function test_depthIsTheLogarithmRoundedUp() external pure {
        uint256 expected;
        for (uint256 count = 1; count <= 5000; ++count) {
            if (count > 2 ** expected) ++expected;
            assertEq(Trees.depth(count), expected, "depth");
        }
        assertEq(Trees.depth(type(uint32).max), 32, "depth of the largest count");
    }

    function testFuzz_everyLeafClimbsToTheTop(uint256 count, uint256 index, bytes32 seed) external view {
        bytes32[] memory leaves = _leaves(bound(count, 1, MAX_LEAVES), seed);
        index = bound(index, 0, leaves.length - 1);
        bytes32 top = _node(leaves, 0, _depth(leaves.length));
        assertEq(uint256(this.climb(leaves[index], index, _path(leaves, index))), uint256(top), "climb");
    }

    function testFuzz_noLeafClimbsFromElsewhere(
        uint256 count,
        uint256 index,
        uint256 other,
        bytes32 seed
    ) external view {
        bytes32[] memory leaves = _leaves(bound(count, 2, MAX_LEAVES), seed);
        index = bound(index, 0, leaves.length - 1);
        other = bound(other, 0, leaves.length - 1);
        VM.assume(other != index);
        bytes32 top = _node(leaves, 0, _depth(leaves.length));
        require(this.climb(leaves[index], other, _path(leaves, index)) != top, "index is not bound");
    }

    function testFuzz_noOtherLeafOrSiblingClimbs(
        uint256 count,
        uint256 index,
        uint256 level,
        bytes32 seed,
        bytes32 forged
    ) external view {
        bytes32[] memory leaves = _leaves(bound(count, 2, MAX_LEAVES), seed);
        index = bound(index, 0, leaves.length - 1);
        bytes32[] memory path = _path(leaves, index);
        level = bound(level, 0, path.length - 1);
        VM.assume(forged != leaves[index] && forged != path[level]);
        bytes32 top = _node(leaves, 0, _depth(leaves.length));
        require(this.climb(forged, index, path) != top, "leaf is not bound");
        path[level] = forged;
        require(this.climb(leaves[index], index, path) != top, "sibling is not bound");
    }

    /// @dev A leaf whose data are two hashes is not their node, and a root is neither.
    function testFuzz_kindsNeverMeet(bytes32 left, bytes32 right) external view {
        bytes32 node = keccak256(abi.encodePacked(bytes1(0x01), left, right));
        bytes32 leafHash = this.leaf(abi.encodePacked(left, right));
        bytes32[] memory path = new bytes32[](1);
        path[0] = right;
        assertEq(uint256(this.climb(left, 0, path)), uint256(node), "node");
        require(leafHash != node, "leaf and node");
        require(Trees.root(Trees.TENSOR, 1, node) != node, "root and node");
        require(Trees.root(Trees.TENSOR, 1, node) != leafHash, "root and leaf");
    }

    function testFuzz_rootBindsTagAndCount(uint64 count, uint64 other, bytes32 top) external pure {
        bytes32 root = Trees.root(Trees.TENSOR, count, top);
        bytes memory preimage = abi.encodePacked(bytes1(0x02), bytes4("TNS1"), count, top);
        assertEq(uint256(root), uint256(keccak256(preimage)), "root");
        require(root != Trees.root(Trees.TRACE, count, top), "tag");
        require(root != Trees.root(Trees.WEIGHTS, count, top), "tag");
        require(root != Trees.root(Trees.PROGRAM, count, top), "tag");
        require(other == count || root != Trees.root(Trees.TENSOR, other, top), "count");
    }

    function testFuzz_leavesAreTagged(bytes memory data, bytes32 word) external view {
        bytes32 expected = keccak256(bytes.concat(bytes1(0x00), data));
        assertEq(uint256(this.leaf(data)), uint256(expected), "leaf");
        assertEq(uint256(Trees.leaf(word)), uint256(keccak256(bytes.concat(bytes1(0x00), word))), "word");
    }

    function testFuzz_leafAtLeavesMemoryAsItWas(bytes memory data, uint256 offset, uint256 length) external pure {
        offset = bound(offset, 0, data.length);
        length = bound(length, 0, data.length - offset);
        bytes32 before = keccak256(data);
        uint256 size = data.length;
        bytes memory part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) part[i] = data[offset + i];
        bytes32 expected = keccak256(bytes.concat(bytes1(0x00), part));
        assertEq(uint256(Trees.leafAt(data, offset, length)), uint256(expected), "leaf");
        assertEq(data.length, size, "length");
        assertEq(uint256(keccak256(data)), uint256(before), "data");
    }

    function testFuzz_copyLeafCopiesNothingElse(bytes memory row, uint256 offset) external view {
        offset = bound(offset, 0, 64);
        (bytes32 hash, bytes memory data) = this.copyLeaf(row, offset);
        assertEq(uint256(hash), uint256(keccak256(bytes.concat(bytes1(0x00), row))), "leaf");
        bytes memory expected = bytes.concat(new bytes(offset), row, new bytes(32));
        assertEq(uint256(keccak256(data)), uint256(keccak256(expected)), "data");
    }

    function testFuzz_rowsMakeATensor(uint256 rows, uint256 rowBytes, bytes32 seed) external pure {
        (rows, rowBytes) = (bound(rows, 1, 20), bound(rowBytes, 1, 40));
        bytes memory data = new bytes(rows * rowBytes);
        for (uint256 i = 0; i < data.length; ++i) data[i] = keccak256(abi.encode(seed, i))[0];
        bytes32[] memory leaves = new bytes32[](rows);
        for (uint256 i = 0; i < rows; ++i) leaves[i] = Trees.leafAt(data, i * rowBytes, rowBytes);
        assertEq(uint256(Trees.topOfRows(data, rowBytes)), uint256(_node(leaves, 0, _depth(rows))), "rows");
    }

    function climb(bytes32 leaf_, uint256 index, bytes32[] calldata path) external pure returns (bytes32) {
        return Trees.climb(leaf_, index, path);
    }

    function leaf(bytes calldata data) external pure returns (bytes32) {
        return Trees.leaf(data);
    }

    function copyLeaf(bytes calldata row, uint256 offset) external pure returns (bytes32 hash, bytes memory data) {
        data = new bytes(offset + row.length + 32);
        hash = Trees.copyLeaf(row, data, offset);
    }

    /// @dev Node at `height` over the leaves from `first`; zero where there are none.
    function _node(bytes32[] memory leaves, uint256 first, uint256 height) internal pure returns (bytes32) {
        if (first >= leaves.length) return bytes32(0);
        if (height == 0) return leaves[first];
        bytes32 left = _node(leaves, first, height - 1);
        bytes32 right = _node(leaves, first + 2 ** (height - 1), height - 1);
        return keccak256(abi.encodePacked(bytes1(0x01), left, right));
    }

    function _path(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](_depth(leaves.length));
        for (uint256 height = 0; height < path.length; ++height) {
            path[height] = _node(leaves, ((index >> height) ^ 1) << height, height);
        }
    }

    function _depth(uint256 count) internal pure returns (uint256 depth) {
        while (2 ** depth < count) ++depth;
    }

    function _leaves(uint256 count, bytes32 seed) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = keccak256(abi.encode(seed, i));
    }
}
