// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Convolution} from "../../libraries/Convolution.sol";
import {DecisionTree} from "../../libraries/DecisionTree.sol";
import {Descriptor} from "../../libraries/Descriptor.sol";
import {Elementwise} from "../../libraries/Elementwise.sol";
import {Move} from "../../libraries/Move.sol";
import {Pooling} from "../../libraries/Pooling.sol";
import {Operator, Program} from "../../libraries/Program.sol";
import {Softmax} from "../../libraries/Softmax.sol";
import {Sums} from "../../libraries/Sums.sol";
import {Window} from "../../libraries/Windows.sol";

/// @title Shapes
/// @notice What each kind of operator requires of itself and of the tensors that it reads.
abstract contract Shapes {
    uint256 private constant MAX = type(uint256).max;
    /// @dev Bits by which an addition may scale its operands up without leaving 32.
    uint256 private constant MAX_ADD_SHIFT = 22;
    uint256 private constant MAX_SOFTMAX_SHIFT = 31;

    function _header(uint32 index, bytes calldata descriptor) internal pure returns (Operator memory operator) {
        require(descriptor.length >= Descriptor.HEADER, ITensorVerifier.DescriptorMalformed(index, descriptor.length));
        operator = Program.header(descriptor);
        uint256 length = Program.lengthOf(descriptor);
        require(length != 0, ITensorVerifier.UnknownOperatorKind(operator.kind));
        require(descriptor.length == length, ITensorVerifier.DescriptorMalformed(index, descriptor.length));
    }

    function _requireInput(Operator memory input) internal pure {
        require(input.kind == Program.INPUT, ITensorVerifier.UnknownOperatorKind(input.kind));
        _requireTensor(input.source, 0);
        require(input.rows != 0, ITensorVerifier.ShapeMismatch(0, 0, 1));
        require(input.rowBytes != 0, ITensorVerifier.ShapeMismatch(0, 0, 1));
    }

    /// @dev Requires operator `i` >= 1 to be well-formed and to fit those before it, which are.
    function _requireOperator(uint32 i, Operator[] memory operators, bytes calldata descriptor) internal pure {
        Operator memory operator = operators[i];
        uint8 kind = operator.kind;
        require(kind != Program.INPUT, ITensorVerifier.UnknownOperatorKind(kind));
        _requireEarlier(i, operator.source);
        require(operator.rows != 0, ITensorVerifier.ShapeMismatch(i, 0, 1));
        require(operator.rowBytes != 0, ITensorVerifier.ShapeMismatch(i, 0, 1));

        Operator memory source = operators[operator.source];
        if (kind == Program.DENSE) _requireDense(i, operator, source, descriptor);
        else if (kind == Program.LOOKUP) _requireSameShape(i, operator, source);
        else if (kind == Program.CONV) _requireConvolution(i, operator, source, descriptor);
        else if (kind == Program.ADD || kind == Program.MUL) _requirePair(i, operators, descriptor);
        else if (kind == Program.POOL) _requirePooling(i, operator, source, descriptor);
        else if (kind == Program.MOVE) _requireMove(i, operators, descriptor);
        else if (kind == Program.SOFTMAX) _requireSoftmax(i, operator, source, descriptor);
        else if (kind == Program.CONSTANT) _requireTensor(operator.source, 0);
        else if (kind == Program.TREES) _requireTrees(i, operator, descriptor);
        else _requireSums(i, operator, source, descriptor);
    }

    /* KINDS */

    function _requireDense(
        uint32 i,
        Operator memory operator,
        Operator memory source,
        bytes calldata descriptor
    ) private pure {
        _requireShape(i, Program.dense(descriptor).inputs, uint256(source.rows) * source.rowBytes);
        _requireShape(i, operator.rows, 1);
    }

    function _requireConvolution(
        uint32 i,
        Operator memory operator,
        Operator memory source,
        bytes calldata descriptor
    ) private pure {
        Convolution.Parameters memory conv = Convolution.read(descriptor);
        Window memory window = conv.window;
        _requireWindow(i, window, source);
        _requireRange(i, conv.groups, 1, MAX);
        _requireRange(i, conv.outputs, 1, MAX);
        _requireDivides(i, window.channels, conv.groups);
        _requireDivides(i, conv.outputs, conv.groups);
        _requireDivides(i, operator.rowBytes, conv.outputs);
    }

    function _requirePooling(
        uint32 i,
        Operator memory operator,
        Operator memory source,
        bytes calldata descriptor
    ) private pure {
        Pooling.Parameters memory pool = Pooling.read(descriptor);
        _requireRange(i, pool.mode, Pooling.AVERAGE, Pooling.MAXIMUM);
        _requireWindow(i, pool.window, source);
        _requireDivides(i, operator.rowBytes, pool.window.channels);
    }

    function _requireWindow(uint32 i, Window memory window, Operator memory source) private pure {
        _requireShape(i, window.width * window.channels, source.rowBytes);
        _requireRange(i, window.kernelHeight, 1, MAX);
        _requireRange(i, window.kernelWidth, 1, MAX);
        _requireRange(i, window.strideHeight, 1, MAX);
        _requireRange(i, window.strideWidth, 1, MAX);
        _requireRange(i, window.dilationHeight, 1, MAX);
        _requireRange(i, window.dilationWidth, 1, MAX);
    }

    function _requirePair(uint32 i, Operator[] memory operators, bytes calldata descriptor) private pure {
        Operator memory operator = operators[i];
        _requireSameShape(i, operator, operators[operator.source]);
        uint256 index = Elementwise.otherOf(descriptor);
        _requireEarlier(i, index);
        _requireDivides(i, operator.rows, operators[index].rows);
        _requireDivides(i, operator.rowBytes, operators[index].rowBytes);
        if (operator.kind == Program.ADD) {
            _requireRange(i, Elementwise.readSum(descriptor).leftShift, 0, MAX_ADD_SHIFT);
        }
    }

    function _requireMove(uint32 i, Operator[] memory operators, bytes calldata descriptor) private pure {
        (uint256 rank, uint256 pieces) = (Move.rankOf(descriptor), Move.piecesOf(descriptor));
        _requireRange(i, rank, 1, Move.MAX_RANK);
        _requireRange(i, pieces, 0, Move.MAX_PIECES);
        Operator memory operator = operators[i];
        uint256 size = 1;
        uint256 expected = uint256(operator.rows) * operator.rowBytes;
        for (uint256 axis = 0; axis < rank; ++axis) size *= Move.dimOf(descriptor, axis);
        _requireShape(i, size, expected);

        uint256 first = 0;
        if (pieces != 0) (first, ) = Move.pieceOf(descriptor, 0);
        _requireTensor(operator.source, first);
        for (uint256 piece = 0; piece < pieces; ++piece) _requirePiece(i, operators, descriptor, rank, piece);
    }

    /// @dev Requires the box of a piece to lie in the output, and all that it moves in its source.
    function _requirePiece(
        uint32 i,
        Operator[] memory operators,
        bytes calldata descriptor,
        uint256 rank,
        uint256 piece
    ) private pure {
        (uint256 index, uint256 last) = Move.pieceOf(descriptor, piece);
        _requireEarlier(i, index);
        bool isEmpty = false;
        for (uint256 axis = 0; axis < rank; ++axis) {
            (uint256 low, uint256 high, uint256 stride) = Move.axisOf(descriptor, piece, axis);
            _requireRange(i, high, low, Move.dimOf(descriptor, axis));
            if (high == low) isEmpty = true;
            else last += (high - 1 - low) * stride;
        }
        Operator memory source = operators[index];
        if (!isEmpty) _requireRange(i, last, 0, uint256(source.rows) * source.rowBytes - 1);
    }

    function _requireSoftmax(
        uint32 i,
        Operator memory operator,
        Operator memory source,
        bytes calldata descriptor
    ) private pure {
        Softmax.Parameters memory softmax = Softmax.read(descriptor);
        _requireSameShape(i, operator, source);
        _requireRange(i, softmax.depth, 1, Softmax.MAX_DEPTH);
        _requireDivides(i, operator.rowBytes, softmax.depth);
        _requireRange(i, uint8(softmax.leftShift), 0, MAX_SOFTMAX_SHIFT);
    }

    function _requireTrees(uint32 i, Operator memory operator, bytes calldata descriptor) private pure {
        DecisionTree.Parameters memory tree = DecisionTree.read(descriptor);
        _requireRange(i, tree.featureBytes, 1, 2);
        _requireShape(i, operator.rowBytes, 4 * tree.values);
    }

    function _requireSums(
        uint32 i,
        Operator memory operator,
        Operator memory source,
        bytes calldata descriptor
    ) private pure {
        uint256 outputs = Sums.outputsOf(descriptor);
        _requireShape(i, operator.rows, 1);
        _requireShape(i, operator.rowBytes, 4 * outputs);
        _requireDivides(i, source.rowBytes, 4);
        _requireDivides(i, (uint256(source.rows) * source.rowBytes) / 4, outputs);
    }

    /* FACTS */

    function _requireSameShape(uint32 i, Operator memory operator, Operator memory source) private pure {
        _requireShape(i, operator.rows, source.rows);
        _requireShape(i, operator.rowBytes, source.rowBytes);
    }

    function _requireShape(uint32 i, uint256 given, uint256 expected) private pure {
        require(given == expected, ITensorVerifier.ShapeMismatch(i, given, expected));
    }

    function _requireDivides(uint32 i, uint256 given, uint256 divisor) private pure {
        require(given % divisor == 0, ITensorVerifier.ShapeIndivisible(i, given, divisor));
    }

    function _requireRange(uint32 i, uint256 given, uint256 min, uint256 max) private pure {
        require(given >= min && given <= max, ITensorVerifier.ParameterOutOfRange(i, given, min, max));
    }

    function _requireEarlier(uint32 i, uint256 tensor) private pure {
        require(tensor < i, ITensorVerifier.OperatorMismatch(uint32(tensor), i - 1));
    }

    function _requireTensor(uint256 tensor, uint256 expected) private pure {
        require(tensor == expected, ITensorVerifier.OperatorMismatch(uint32(tensor), uint32(expected)));
    }
}
