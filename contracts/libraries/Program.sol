// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Dense} from "./Dense.sol";
import {Descriptor} from "./Descriptor.sol";
import {Move} from "./Move.sol";
import {Sums} from "./Sums.sol";
import {Trees} from "./Trees.sol";

/// @notice Header of a descriptor: what every operator says.
struct Operator {
    uint8 kind;
    /// Tensor read.
    uint16 source;
    /// Shape produced.
    uint32 rows;
    uint32 rowBytes;
}

/// @title Program
/// @notice Encoding of programs (docs/protocol/exact-models.md). Readers trust the length of a descriptor: `lengthOf` tells it.
library Program {
    using Descriptor for bytes;

    uint8 internal constant INPUT = 0;
    uint8 internal constant DENSE = 1;
    uint8 internal constant LOOKUP = 2;
    uint8 internal constant CONV = 3;
    uint8 internal constant ADD = 4;
    uint8 internal constant MUL = 5;
    uint8 internal constant POOL = 6;
    uint8 internal constant MOVE = 7;
    uint8 internal constant SOFTMAX = 8;
    uint8 internal constant CONSTANT = 9;
    uint8 internal constant TREES = 10;
    uint8 internal constant SUM = 11;

    /// @notice Length that `descriptor` must have, by its kind and its own counts; zero for an unknown kind.
    function lengthOf(bytes calldata descriptor) internal pure returns (uint256) {
        uint256 kind = descriptor.wordAt(0) >> 248;
        if (kind == MOVE) return Move.lengthOf(descriptor);
        if (kind == SUM) return Sums.lengthOf(descriptor);
        if (kind == DENSE || kind == TREES) return Descriptor.HEADER + 39;
        if (kind == LOOKUP) return Descriptor.HEADER + 256;
        if (kind == CONV) return Descriptor.HEADER + 68;
        if (kind == ADD || kind == POOL) return Descriptor.HEADER + 23;
        if (kind == MUL) return Descriptor.HEADER + 12;
        if (kind == SOFTMAX) return Descriptor.HEADER + 13;
        if (kind == CONSTANT) return Descriptor.HEADER + 32;
        return kind == INPUT ? Descriptor.HEADER : 0;
    }

    function header(bytes calldata descriptor) internal pure returns (Operator memory operator) {
        uint256 word = descriptor.wordAt(0);
        operator.kind = uint8(word >> 248);
        operator.source = uint16(word >> 232);
        operator.rows = uint32(word >> 200);
        operator.rowBytes = uint32(word >> 168);
    }

    function dense(bytes calldata descriptor) internal pure returns (Dense.Parameters memory parameters) {
        uint256 word = descriptor.wordAt(Descriptor.HEADER);
        parameters.inputs = uint32(word >> 224);
        parameters.outputZero = uint8(word >> 216);
        parameters.clampMin = uint8(word >> 208);
        parameters.clampMax = uint8(word >> 200);
        parameters.weightsRoot = bytes32(descriptor.wordAt(Descriptor.HEADER + 7));
    }

    /// @notice Output byte of a look-up operator for the byte `input`.
    function lookup(bytes calldata descriptor, uint8 input) internal pure returns (uint8) {
        return uint8(descriptor[Descriptor.HEADER + input]);
    }

    /// @notice All output bytes of a look-up operator for the bytes `inputs`.
    function lookupAll(bytes calldata descriptor, bytes memory inputs) internal pure returns (bytes memory outputs) {
        bytes memory table = descriptor[Descriptor.HEADER:];
        outputs = Dense.allocate(inputs.length);
        // for (uint256 i = 0; i < inputs.length; ++i) outputs[i] = table[uint8(inputs[i])];
        assembly ("memory-safe") {
            let shifted := add(table, 1)
            let length := mload(inputs)
            for {
                let i := 1
            } iszero(gt(i, length)) {
                i := add(i, 1)
            } {
                let input := and(mload(add(inputs, i)), 0xff)
                mstore8(add(add(outputs, 0x1f), i), mload(add(shifted, input)))
            }
        }
    }

    function rootOf(bytes[] calldata descriptors) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](descriptors.length);
        for (uint256 i = 0; i < hashes.length; ++i) hashes[i] = Trees.leaf(descriptors[i]);
        return Trees.root(Trees.PROGRAM, hashes.length, Trees.top(hashes));
    }

    /// @notice `descriptors` of `abi.encode(descriptors)`, read in place; empty if the list itself does not fit `data`.
    function decode(bytes calldata data) internal pure returns (bytes[] calldata descriptors) {
        // descriptors = abi.decode(data, (bytes[])), where reading an element checks that it lies in calldata
        assembly ("memory-safe") {
            descriptors.offset := add(data.offset, 0x40)
            descriptors.length := 0
            if and(gt(data.length, 0x3f), eq(calldataload(data.offset), 0x20)) {
                let count := calldataload(add(data.offset, 0x20))
                if iszero(gt(count, shr(5, sub(data.length, 0x40)))) {
                    descriptors.length := count
                }
            }
        }
    }
}
