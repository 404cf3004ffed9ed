// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Trees
/// @notice Positional Merkle trees, tagged so that no leaf, node or root can pass for another (docs/protocol/exact-models.md).
library Trees {
    /// @dev Rows of a tensor.
    bytes4 internal constant TENSOR = "TNS1";
    /// @dev Tensor roots of a trace.
    bytes4 internal constant TRACE = "TRC1";
    /// @dev Weight rows of an operator.
    bytes4 internal constant WEIGHTS = "WGT1";
    /// @dev Operators of a program.
    bytes4 internal constant PROGRAM = "PRG1";
    /// @dev Ids of a batch's receipts.
    bytes4 internal constant RECEIPTS = "RCP1";

    /// @notice Depth of a tree of `count` leaves: ceil(log2(count)).
    function depth(uint256 count) internal pure returns (uint256 result) {
        // Math.log2(count, Math.Rounding.Ceil)
        assembly ("memory-safe") {
            result := sub(256, clz(sub(count, 1)))
        }
    }

    function leaf(bytes calldata data) internal pure returns (bytes32 result) {
        // keccak256(abi.encodePacked(bytes1(0x00), data))
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            mstore8(pointer, 0)
            calldatacopy(add(pointer, 1), data.offset, data.length)
            result := keccak256(pointer, add(data.length, 1))
        }
    }

    function leaf(bytes32 data) internal pure returns (bytes32 result) {
        // keccak256(abi.encodePacked(bytes1(0x00), data))
        assembly ("memory-safe") {
            mstore8(0, 0)
            mstore(1, data)
            result := keccak256(0, 33)
        }
    }

    /// @notice Leaf hash of the `length` bytes of `data` from `offset`, which must lie within it.
    function leafAt(bytes memory data, uint256 offset, uint256 length) internal pure returns (bytes32 result) {
        // keccak256(bytes.concat(0x00, data[offset:offset + length])), with the tag put for a moment in the byte before
        assembly ("memory-safe") {
            let start := add(add(data, 0x1f), offset)
            let saved := byte(0, mload(start))
            mstore8(start, 0)
            result := keccak256(start, add(length, 1))
            mstore8(start, saved)
        }
    }

    /// @notice Copies `row` to `data` at `offset`, where it must fit, and returns its leaf hash.
    function copyLeaf(bytes calldata row, bytes memory data, uint256 offset) internal pure returns (bytes32) {
        // for (uint256 i = 0; i < row.length; ++i) data[offset + i] = row[i];
        assembly ("memory-safe") {
            calldatacopy(add(add(data, 0x20), offset), row.offset, row.length)
        }
        return leafAt(data, offset, row.length);
    }

    function root(bytes4 tag, uint256 count, bytes32 top_) internal pure returns (bytes32 result) {
        // keccak256(abi.encodePacked(bytes1(0x02), tag, uint64(count), top_))
        assembly ("memory-safe") {
            mstore(0, or(shl(152, count), or(shr(8, tag), shl(248, 2))))
            mstore(13, top_)
            result := keccak256(0, 45)
        }
    }

    /// @notice Top of the tree in which `leafHash` has position `index` and the siblings `path`, from the leaf upwards.
    /// @dev The caller checks that `path` is as long as the tree is deep and that `index` lies in the tree.
    function climb(bytes32 leafHash, uint256 index, bytes32[] calldata path) internal pure returns (bytes32 result) {
        // for (uint256 d = 0; d < path.length; ++d)
        //     result = (index >> d) & 1 == 0 ? node(result, path[d]) : node(path[d], result);
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            let left := add(pointer, 1)
            mstore8(pointer, 1)
            result := leafHash
            let cursor := path.offset
            for {
                let end := add(cursor, shl(5, path.length))
            } lt(cursor, end) {
                cursor := add(cursor, 0x20)
            } {
                let side := shl(5, and(index, 1))
                mstore(add(left, side), result)
                mstore(add(left, sub(0x20, side)), calldataload(cursor))
                result := keccak256(pointer, 65)
                index := shr(1, index)
            }
        }
    }

    /// @notice The words that make up `data`, whose length is a multiple of 32.
    function list(bytes calldata data) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](data.length / 32);
        // for (uint256 i = 0; i < words.length; ++i) words[i] = bytes32(data[32 * i:]);
        assembly ("memory-safe") {
            calldatacopy(add(words, 0x20), data.offset, shl(5, mload(words)))
        }
    }

    /// @notice Top of the tree over `hashes`, at least one. Destroys them.
    function top(bytes32[] memory hashes) internal pure returns (bytes32 result) {
        // for (uint256 n = hashes.length; n > 1; n = (n + 1) / 2)
        //     for (uint256 i = 0; i < n; i += 2)
        //         hashes[i / 2] = node(hashes[i], i + 1 < n ? hashes[i + 1] : bytes32(0));
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            let first := add(hashes, 0x20)
            mstore8(pointer, 1)
            for {
                let size := shl(5, mload(hashes))
            } gt(size, 0x20) {
                size := and(add(shr(1, size), 0x1f), not(0x1f))
            } {
                let target := first
                for {
                    let cursor := first
                    let end := add(first, size)
                } lt(cursor, end) {
                    cursor := add(cursor, 0x40)
                } {
                    mstore(add(pointer, 1), mload(cursor))
                    mstore(add(pointer, 0x21), 0)
                    let sibling := add(cursor, 0x20)
                    if lt(sibling, end) {
                        mstore(add(pointer, 0x21), mload(sibling))
                    }
                    mstore(target, keccak256(pointer, 65))
                    target := add(target, 0x20)
                }
            }
            result := mload(first)
        }
    }

    /// @notice Top of the tree over the rows of `rowBytes` bytes that make up `data`.
    function topOfRows(bytes memory data, uint256 rowBytes) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](data.length / rowBytes);
        for (uint256 i = 0; i < hashes.length; ++i) hashes[i] = leafAt(data, i * rowBytes, rowBytes);
        return top(hashes);
    }
}
