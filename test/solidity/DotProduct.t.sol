// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Dense} from "../../contracts/libraries/Dense.sol";
import {DotProduct} from "../../contracts/libraries/DotProduct.sol";
import {Harness} from "./Harness.sol";

/// @notice The packed kernel against the loop it replaces.
contract DotProductTest is Harness {
    /// @dev Bytes after which the kernel extracts its sums.
    uint256 internal constant BLOCK = 65_536;

    function testFuzz_sumsProductsLikeTheLoop(bytes memory weights, bytes memory inputs, uint256 offset) external pure {
        offset = bound(offset, 0, 40);
        bytes memory rows = _padded(weights, offset, inputs.length);
        assertEq(DotProduct.products(rows, offset, inputs), _products(rows, offset, inputs), "products");
    }

    function testFuzz_sumsBytesLikeTheLoop(bytes memory inputs) external pure {
        assertEq(DotProduct.sum(inputs), _sum(inputs), "sum");
    }

    /// @dev Lengths on both sides of a word, of four words, and of what is left when they are done.
    function testFuzz_everyLength(uint256 length, bytes32 seed) external pure {
        length = bound(length, 1, 400);
        bytes memory inputs = _random(length, seed);
        bytes memory rows = _random(_words(length) * 32, keccak256(abi.encode(seed)));
        assertEq(DotProduct.products(rows, 0, inputs), _products(rows, 0, inputs), "products");
        assertEq(DotProduct.sum(inputs), _sum(inputs), "sum");
    }

    /// @dev Whatever pads the weights meets the zeros that end the inputs.
    function testFuzz_paddingAddsNothing(uint256 length, bytes32 seed, uint8 padding) external pure {
        length = bound(length, 1, 100);
        bytes memory inputs = _random(length, seed);
        bytes memory rows = _random(_words(length) * 32, seed);
        uint256 before = DotProduct.products(rows, 0, inputs);
        for (uint256 i = length; i < rows.length; ++i) rows[_place(i)] = bytes1(padding);
        assertEq(DotProduct.products(rows, 0, inputs), before, "padding");
    }

    /// @dev Whatever earlier calls left in memory, the last word of inputs ends with zeros.
    function testFuzz_inputsEndWithZeros(uint256 length, bytes calldata data) external pure {
        _litter();
        _requireZerosBehind(Dense.allocate(bound(length, 0, 1000)));
        _litter();
        bytes memory inputs = Dense.load(data);
        _requireZerosBehind(inputs);
        assertEq(uint256(keccak256(inputs)), uint256(keccak256(data)), "data");
    }

    /// @dev The largest sums a lane can hold, up to a block, over its border, and two blocks on.
    function test_noCarryWhereEveryByteIsGreatest() external pure {
        uint256[6] memory lengths = [uint256(32), BLOCK - 32, BLOCK, BLOCK + 1, BLOCK + 32, 2 * BLOCK + 96];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes memory inputs = _filled(lengths[i], 0xff);
            bytes memory rows = _filled(_words(lengths[i]) * 32, 0xff);
            assertEq(DotProduct.products(rows, 0, inputs), lengths[i] * 255 * 255, "products");
            assertEq(DotProduct.sum(inputs), lengths[i] * 255, "sum");
        }
    }

    /// @dev One byte alone, wherever it stands, meets its own weight and no other.
    function testFuzz_everyByteMeetsItsWeight(uint256 length, uint256 index, uint8 value, uint8 weight) external pure {
        length = bound(length, 1, 200);
        index = bound(index, 0, length - 1);
        bytes memory inputs = Dense.allocate(length);
        bytes memory rows = _filled(_words(length) * 32, 0xff);
        inputs[index] = bytes1(value);
        rows[_place(index)] = bytes1(weight);
        assertEq(DotProduct.products(rows, 0, inputs), uint256(value) * weight, "products");
    }

    /// @dev Fills what is not allocated yet.
    function _litter() internal pure {
        assembly ("memory-safe") {
            let free := mload(0x40)
            for {
                let end := add(free, 0x1000)
            } lt(free, end) {
                free := add(free, 0x20)
            } {
                mstore(free, not(0))
            }
        }
    }

    function _requireZerosBehind(bytes memory inputs) internal pure {
        uint256 behind;
        assembly ("memory-safe") {
            behind := mload(add(add(inputs, 0x20), mload(inputs)))
        }
        uint256 left = (32 - (inputs.length % 32)) % 32;
        require(left == 0 || behind >> (256 - 8 * left) == 0, "not zero behind the inputs");
    }

    function _products(bytes memory rows, uint256 offset, bytes memory inputs) internal pure returns (uint256 total) {
        for (uint256 i = 0; i < inputs.length; ++i) {
            total += uint256(uint8(rows[offset + _place(i)])) * uint8(inputs[i]);
        }
    }

    function _sum(bytes memory inputs) internal pure returns (uint256 total) {
        for (uint256 i = 0; i < inputs.length; ++i) total += uint8(inputs[i]);
    }

    /// @dev Where weight `i` is stored: its group of four is the mirror image within the word.
    function _place(uint256 i) internal pure returns (uint256) {
        (uint256 word, uint256 group, uint256 byte_) = (i / 32, (i % 32) / 4, i % 4);
        return 32 * word + 4 * (7 - group) + byte_;
    }

    function _words(uint256 length) internal pure returns (uint256) {
        return (length + 31) / 32;
    }

    function _filled(uint256 length, uint8 value) internal pure returns (bytes memory data) {
        data = Dense.allocate(length);
        for (uint256 i = 0; i < length; ++i) data[i] = bytes1(value);
    }

    function _random(uint256 length, bytes32 seed) internal pure returns (bytes memory data) {
        data = Dense.allocate(length);
        for (uint256 i = 0; i < length; ++i) data[i] = keccak256(abi.encode(seed, i))[0];
    }

    /// @dev A weight row for `length` inputs behind `offset` bytes, filled from `weights`.
    function _padded(bytes memory weights, uint256 offset, uint256 length) internal pure returns (bytes memory rows) {
        rows = new bytes(offset + _words(length) * 32);
        for (uint256 i = 0; i < rows.length && i < weights.length; ++i) rows[i] = weights[i];
    }
}
