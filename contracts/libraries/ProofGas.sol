// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Dense} from "./Dense.sol";
import {Operator, Program} from "./Program.sol";
import {Trees} from "./Trees.sol";

/// @title ProofGas
/// @notice What judging an operator can cost at most, from above.
library ProofGas {
    /// @dev Gas cap of a transaction (EIP-7825).
    uint256 internal constant MAX = 2 ** 24;

    /// @dev Calldata floor of a byte that is not zero (EIP-7623). What a byte of a proof costs as plain calldata and to
    /// copy, hash, multiply and log stays below it.
    uint256 private constant PER_BYTE = 40;
    /// @dev The transaction itself, calls to source, registry and escrow, and a settlement that slashes.
    uint256 private constant FIXED = 321_000;
    /// @dev Heads of call and proof, two of the longest descriptors, and a context of up to 1 KiB.
    uint256 private constant FIXED_BYTES = 3_072;
    /// @dev What encoding adds to the data and the path of a row.
    uint256 private constant ROW_BYTES = 223;

    /// @notice Gas of the dearest call that a dispute about operator `index` can need.
    function worstOf(Operator[] memory operators, uint256 index) internal pure returns (uint256) {
        return FIXED + PER_BYTE * (FIXED_BYTES + _largestCall(operators, index));
    }

    /// @dev Bytes of the largest call about operator `index`, without `FIXED_BYTES`.
    function _largestCall(Operator[] memory operators, uint256 index) private pure returns (uint256 size) {
        Operator memory operator = operators[index];
        uint256 openings = 64 * (Trees.depth(operators.length) + Trees.depth(operators.length - 1));
        uint256 outputRow = _row(operator.rowBytes, operator.rows);

        // Supplying the trace, or the list of the tensor's rows.
        size = 32 * _max(operators.length, operator.rows);
        if (index == 0) return _max(size, outputRow);
        if (index == operators.length - 1) {
            size = _max(size, openings + uint256(operator.rows) * operator.rowBytes);
        }

        Operator memory source = operators[operator.source];
        uint256 inputRow = _row(source.rowBytes, source.rows);
        if (operator.kind == Program.LOOKUP) return _max(size, openings + outputRow + inputRow);

        // Supplying the list of weight rows.
        size = _max(size, 32 * uint256(operator.rowBytes));
        uint256 weightRow = _row(Dense.rowLength(uint256(source.rows) * source.rowBytes), operator.rowBytes);
        return _max(size, openings + outputRow + source.rows * inputRow + weightRow);
    }

    /// @dev Bytes of one row of `length` bytes opened in a tree of `count`.
    function _row(uint256 length, uint256 count) private pure returns (uint256) {
        return ROW_BYTES + length + 32 * Trees.depth(count);
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
