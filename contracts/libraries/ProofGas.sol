// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Convolution} from "./Convolution.sol";
import {DecisionTree} from "./DecisionTree.sol";
import {Elementwise} from "./Elementwise.sol";
import {Move} from "./Move.sol";
import {Pooling} from "./Pooling.sol";
import {Operator, Program} from "./Program.sol";
import {Softmax} from "./Softmax.sol";
import {Sums} from "./Sums.sol";
import {Trees} from "./Trees.sol";
import {Weights} from "./Weights.sol";
import {Window} from "./Windows.sol";

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
    /// @dev Heads of call and proof, and a context of up to 1 KiB.
    uint256 private constant FIXED_BYTES = 3_072;
    /// @dev What encoding adds to the data and the path of a row.
    uint256 private constant ROW_BYTES = 223;

    /// @dev What computing takes on top of bytes that are read once: a tap of a window, an exponential, an axis of a
    /// moved box, a node of a decision tree, a summand.
    uint256 private constant PER_TAP = 400;
    uint256 private constant PER_EXPONENTIAL = 4_000;
    uint256 private constant PER_AXIS = 1_000;
    uint256 private constant PER_NODE = 1_200;
    uint256 private constant PER_SUMMAND = 60;
    /// @dev The call that computes elements of every kind but the dense one, and arithmetic that is the same for all of them.
    uint256 private constant CALL = 10_000;

    /// @notice Gas of the dearest call that a dispute about operator `index` can need.
    function worstOf(
        Operator[] memory operators,
        bytes[] calldata descriptors,
        uint256 index
    ) internal pure returns (uint256) {
        uint256 size = _largestCall(operators, descriptors, index);
        uint256 gas = FIXED + PER_BYTE * (FIXED_BYTES + size);
        if (index == 0 || operators[index].kind == Program.DENSE) return gas;
        return gas + CALL + _computing(operators, descriptors[index], index);
    }

    /// @dev Bytes of the largest call about operator `index`, without `FIXED_BYTES`.
    function _largestCall(
        Operator[] memory operators,
        bytes[] calldata descriptors,
        uint256 index
    ) private pure returns (uint256 size) {
        Operator memory operator = operators[index];
        (uint256 weightRows, uint256 weightBytes, ) = Weights.rowsOf(operator, descriptors[index]);

        // Supplying the trace, or a list of rows.
        size = 32 * _max(_max(operators.length, operator.rows), weightRows);
        uint256 opening = _opening(operators, descriptors, index);
        uint256 outputRow = _row(operator.rowBytes, operator.rows);
        if (index == operators.length - 1) {
            size = _max(size, opening + uint256(operator.rows) * operator.rowBytes);
        }
        uint256 proof = opening + outputRow;
        if (weightRows != 0) proof += _row(weightBytes, weightRows);
        if (index != 0) proof += _sources(operators, descriptors, index);
        return _max(size, proof);
    }

    /// @dev Bytes of the tensors and rows that an element of operator `index` is computed from.
    function _sources(
        Operator[] memory operators,
        bytes[] calldata descriptors,
        uint256 index
    ) private pure returns (uint256 size) {
        (uint8 kind, uint256 source) = (operators[index].kind, operators[index].source);
        if (kind == Program.CONSTANT) return 0;
        if (kind == Program.MOVE) {
            for (uint256 i = Move.piecesOf(descriptors[index]); i > 0; --i) {
                (source, ) = Move.pieceOf(descriptors[index], i - 1);
                size = _max(size, _source(operators, descriptors, source, 1));
            }
            return size;
        }
        if (kind == Program.ADD || kind == Program.MUL) {
            size = _source(operators, descriptors, Elementwise.otherOf(descriptors[index]), 1);
        }
        return size + _source(operators, descriptors, source, _rowsRead(operators, descriptors[index], index));
    }

    /// @dev Most rows of its source that an element of operator `index` reads.
    function _rowsRead(
        Operator[] memory operators,
        bytes calldata descriptor,
        uint256 index
    ) private pure returns (uint256) {
        uint8 kind = operators[index].kind;
        uint256 rows = operators[operators[index].source].rows;
        if (_hasWindow(kind)) return _min(rows, _windowOf(kind, descriptor).kernelHeight);
        return kind == Program.DENSE || kind == Program.TREES || kind == Program.SUM ? rows : 1;
    }

    /// @dev Gas of the computation, beyond `PER_BYTE`.
    function _computing(
        Operator[] memory operators,
        bytes calldata descriptor,
        uint256 index
    ) private pure returns (uint256) {
        uint8 kind = operators[index].kind;
        Operator memory source = operators[operators[index].source];
        if (_hasWindow(kind)) {
            Window memory window = _windowOf(kind, descriptor);
            return PER_TAP * _min(window.kernelHeight, source.rows) * _min(window.kernelWidth, window.width);
        }
        if (kind == Program.SOFTMAX) return PER_EXPONENTIAL * (Softmax.read(descriptor).depth + 2);
        if (kind == Program.MOVE) return PER_AXIS * (Move.rankOf(descriptor) + 1) * (Move.piecesOf(descriptor) + 1);
        if (kind == Program.TREES) return PER_NODE * (DecisionTree.read(descriptor).rowLength / DecisionTree.NODE + 2);
        if (kind == Program.SUM)
            return (PER_SUMMAND * uint256(source.rows) * source.rowBytes) / 4 / Sums.outputsOf(descriptor);
        return 0;
    }

    function _hasWindow(uint8 kind) private pure returns (bool) {
        return kind == Program.CONV || kind == Program.POOL;
    }

    function _windowOf(uint8 kind, bytes calldata descriptor) private pure returns (Window memory) {
        return kind == Program.CONV ? Convolution.read(descriptor).window : Pooling.read(descriptor).window;
    }

    /// @dev Bytes of an opened tensor and `count` of its rows.
    function _source(
        Operator[] memory operators,
        bytes[] calldata descriptors,
        uint256 tensor,
        uint256 count
    ) private pure returns (uint256) {
        Operator memory producer = operators[tensor];
        return _opening(operators, descriptors, tensor) + count * _row(producer.rowBytes, producer.rows);
    }

    /// @dev Bytes of an operator's descriptor, and of the paths to it and to its tensor.
    function _opening(
        Operator[] memory operators,
        bytes[] calldata descriptors,
        uint256 index
    ) private pure returns (uint256) {
        uint256 paths = Trees.depth(operators.length) + Trees.depth(operators.length - 1);
        return descriptors[index].length + 31 + 32 * paths;
    }

    /// @dev Bytes of one row of `length` bytes opened in a tree of `count`.
    function _row(uint256 length, uint256 count) private pure returns (uint256) {
        return ROW_BYTES + length + 32 * Trees.depth(count);
    }

    function _max(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
