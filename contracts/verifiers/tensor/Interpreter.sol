// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {CodeCursor, CodeStorage} from "../../libraries/CodeStorage.sol";
import {Dense} from "../../libraries/Dense.sol";
import {DotProduct} from "../../libraries/DotProduct.sol";
import {Operator, Program} from "../../libraries/Program.sol";
import {Trees} from "../../libraries/Trees.sol";

/// @title Interpreter
/// @notice Runs programs whole.
abstract contract Interpreter is ITensorVerifier {
    using CodeStorage for CodeCursor;

    /// @dev Bytes of weights held in memory at a time: enough that reading them costs little, little enough that memory does.
    uint256 internal constant WEIGHT_BUFFER = 8192;

    /* INTERNAL */

    function _run(
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) internal view returns (bytes memory) {
        uint256 count = descriptors.length;
        require(count > 1, ProgramTooShort(count, 2));
        Operator[] memory operators = new Operator[](count);
        bytes[] memory tensors = new bytes[](count);
        operators[0] = _checkInput(descriptors[0]);
        tensors[0] = input;
        uint256 length = uint256(operators[0].rows) * operators[0].rowBytes;
        require(input.length == length, DataLengthMismatch(input.length, length));

        CodeCursor memory cursor = CodeCursor({chunks: weights, chunk: 0, position: 0, size: 0});
        for (uint256 i = 1; i < count; ++i) {
            operators[i] = _checkOperator(i, descriptors[i], operators);
            tensors[i] = _runOperator(operators[i], descriptors[i], tensors[operators[i].source], cursor);
        }
        return tensors[count - 1];
    }

    function _runOperator(
        Operator memory operator,
        bytes calldata descriptor,
        bytes memory inputs,
        CodeCursor memory cursor
    ) private view returns (bytes memory) {
        if (operator.kind == Program.LOOKUP) return Program.lookupAll(descriptor, inputs);
        return _runDense(Program.dense(descriptor), operator.rowBytes, inputs, cursor);
    }

    function _runDense(
        Dense.Parameters memory dense,
        uint256 outputs,
        bytes memory inputs,
        CodeCursor memory cursor
    ) private view returns (bytes memory output) {
        uint256 stride = Dense.rowLength(inputs.length);
        uint256 inputSum = DotProduct.sum(inputs);
        output = new bytes(outputs);
        bytes32[] memory leaves = new bytes32[](outputs);
        bytes memory rows = new bytes(_batch(outputs, stride) * stride);

        uint256 offset = rows.length;
        for (uint256 j = 0; j < outputs; ++j) {
            if (offset == rows.length) {
                _fill(rows, (outputs - j) * stride, cursor);
                offset = 0;
            }
            leaves[j] = Trees.leafAt(rows, offset, stride);
            output[j] = bytes1(Dense.neuron(dense, rows, offset, inputs, inputSum));
            offset += stride;
        }

        bytes32 root = Trees.root(Trees.WEIGHTS, outputs, Trees.top(leaves));
        require(root == dense.weightsRoot, RootMismatch(root, dense.weightsRoot));
    }

    /// @dev Fills `rows` with weights, of which `remaining` bytes are still to be read.
    function _fill(bytes memory rows, uint256 remaining, CodeCursor memory cursor) private view {
        uint256 wanted = remaining < rows.length ? remaining : rows.length;
        uint256 filled = cursor.read(rows, wanted);
        require(filled == wanted, WeightsTooShort(filled, wanted));
    }

    /// @dev Weight rows to hold at a time.
    function _batch(uint256 outputs, uint256 stride) private pure returns (uint256 rows) {
        rows = stride < WEIGHT_BUFFER ? WEIGHT_BUFFER / stride : 1;
        if (rows > outputs) rows = outputs;
    }

    function _checkInput(bytes calldata descriptor) internal pure returns (Operator memory input) {
        input = _header(0, descriptor);
        require(input.kind == Program.INPUT, UnknownOperatorKind(input.kind));
        require(input.source == 0, OperatorMismatch(input.source, 0));
        require(input.rows != 0, ShapeMismatch(0, input.rows, 1));
        require(input.rowBytes != 0, ShapeMismatch(0, input.rowBytes, 1));
    }

    /// @dev Checks operator `index` against the operators before it.
    function _checkOperator(
        uint256 index,
        bytes calldata descriptor,
        Operator[] memory operators
    ) internal pure returns (Operator memory operator) {
        operator = _header(uint32(index), descriptor);
        require(operator.source < index, OperatorMismatch(operator.source, uint32(index - 1)));
        Operator memory source = operators[operator.source];

        if (operator.kind == Program.DENSE) {
            uint256 given = Program.dense(descriptor).inputs;
            uint256 needed = uint256(source.rows) * source.rowBytes;
            require(given == needed, ShapeMismatch(uint32(index), given, needed));
            require(operator.rows == 1, ShapeMismatch(uint32(index), operator.rows, 1));
            require(operator.rowBytes != 0, ShapeMismatch(uint32(index), operator.rowBytes, 1));
        } else {
            require(operator.kind == Program.LOOKUP, UnknownOperatorKind(operator.kind));
            require(operator.rows == source.rows, ShapeMismatch(uint32(index), operator.rows, source.rows));
            require(
                operator.rowBytes == source.rowBytes,
                ShapeMismatch(uint32(index), operator.rowBytes, source.rowBytes)
            );
        }
    }

    function _header(uint32 index, bytes calldata descriptor) private pure returns (Operator memory operator) {
        require(descriptor.length >= Program.HEADER, DescriptorMalformed(index, descriptor.length));
        operator = Program.header(descriptor);
        uint256 length = Program.lengthOf(operator.kind);
        require(length != 0, UnknownOperatorKind(operator.kind));
        require(descriptor.length == length, DescriptorMalformed(index, descriptor.length));
    }
}
