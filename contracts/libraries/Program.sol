// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Dense} from "./Dense.sol";
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
    uint8 internal constant INPUT = 0;
    uint8 internal constant DENSE = 1;
    uint8 internal constant LOOKUP = 2;

    uint256 internal constant HEADER = 11;

    /// @notice Length of a descriptor of `kind`; zero for an unknown kind.
    function lengthOf(uint8 kind) internal pure returns (uint256) {
        if (kind == INPUT) return HEADER;
        if (kind == DENSE) return HEADER + 39;
        if (kind == LOOKUP) return HEADER + 256;
        return 0;
    }

    function header(bytes calldata descriptor) internal pure returns (Operator memory operator) {
        uint256 word = _wordAt(descriptor, 0);
        operator.kind = uint8(word >> 248);
        operator.source = uint16(word >> 232);
        operator.rows = uint32(word >> 200);
        operator.rowBytes = uint32(word >> 168);
    }

    function dense(bytes calldata descriptor) internal pure returns (Dense.Parameters memory parameters) {
        uint256 word = _wordAt(descriptor, HEADER);
        parameters.inputs = uint32(word >> 224);
        parameters.outputZero = uint8(word >> 216);
        parameters.clampMin = uint8(word >> 208);
        parameters.clampMax = uint8(word >> 200);
        parameters.weightsRoot = bytes32(_wordAt(descriptor, HEADER + 7));
    }

    /// @notice Output byte of a look-up operator for the byte `input`.
    function lookup(bytes calldata descriptor, uint8 input) internal pure returns (uint8) {
        return uint8(descriptor[HEADER + input]);
    }

    /// @notice All output bytes of a look-up operator for the bytes `inputs`.
    function lookupAll(bytes calldata descriptor, bytes memory inputs) internal pure returns (bytes memory outputs) {
        bytes memory table = descriptor[HEADER:];
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

    /// @dev Reads past the end as calldata does.
    function _wordAt(bytes calldata descriptor, uint256 offset) private pure returns (uint256 word) {
        // uint256(bytes32(descriptor[offset:]))
        assembly ("memory-safe") {
            word := calldataload(add(descriptor.offset, offset))
        }
    }
}
