// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorVerifier} from "../interfaces/ITensorVerifier.sol";
import {CodeCursor, CodeStorage} from "../libraries/CodeStorage.sol";
import {Dense} from "../libraries/Dense.sol";
import {DotProduct} from "../libraries/DotProduct.sol";
import {Operator, Program} from "../libraries/Program.sol";
import {ProofGas} from "../libraries/ProofGas.sol";
import {Trees} from "../libraries/Trees.sol";

/// @title TensorInterpreter
/// @notice Reads programs whole: checks them, and runs them. Part of `TensorVerifier`, which deploys it; it keeps nothing.
contract TensorInterpreter {
    using CodeStorage for CodeCursor;

    /// @dev Bytes of weights held in memory at a time: enough that reading them costs little, little enough that memory does.
    uint256 internal constant WEIGHT_BUFFER = 8_192;

    /* VIEWS */

    /// @notice Reverts unless `data` = abi.encode(bytes[] descriptors) is a program with the root `root` of which every
    /// element can be judged within the gas cap.
    function validate(bytes32 root, bytes calldata data) external pure {
        bytes[] calldata descriptors = Program.decode(data);
        Operator[] memory operators = _operators(descriptors);
        bytes32 computed = Program.rootOf(descriptors);
        require(computed == root, ITensorVerifier.ProgramMismatch(computed, root));

        for (uint256 i = 0; i < operators.length; ++i) {
            uint256 worst = ProofGas.worstOf(operators, i);
            require(worst <= ProofGas.MAX, ITensorVerifier.Unprovable(uint32(i), worst, ProofGas.MAX));
        }
    }

    /// @notice Runs the program on `input`; `weights` as in `ITensorVerifier.execute`.
    function evaluate(
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external view returns (bytes memory) {
        Operator[] memory operators = _operators(descriptors);
        uint256 length = uint256(operators[0].rows) * operators[0].rowBytes;
        require(input.length == length, ITensorVerifier.DataLengthMismatch(input.length, length));

        bytes[] memory tensors = new bytes[](operators.length);
        tensors[0] = Dense.load(input);
        CodeCursor memory cursor = CodeCursor({chunks: weights, chunk: 0, position: 0, size: 0});
        for (uint256 i = 1; i < operators.length; ++i) {
            tensors[i] = _run(operators[i], descriptors[i], tensors[operators[i].source], cursor);
        }
        return tensors[operators.length - 1];
    }

    /* RUNNING */

    function _run(
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
        output = Dense.allocate(outputs);
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
        require(root == dense.weightsRoot, ITensorVerifier.RootMismatch(root, dense.weightsRoot));
    }

    /// @dev Fills `rows` with weights, of which `remaining` bytes are still to be read.
    function _fill(bytes memory rows, uint256 remaining, CodeCursor memory cursor) private view {
        uint256 wanted = remaining < rows.length ? remaining : rows.length;
        uint256 filled = cursor.read(rows, wanted);
        require(filled == wanted, ITensorVerifier.WeightsTooShort(filled, wanted));
    }

    /// @dev Weight rows to hold at a time.
    function _batch(uint256 outputs, uint256 stride) private pure returns (uint256 rows) {
        rows = stride < WEIGHT_BUFFER ? WEIGHT_BUFFER / stride : 1;
        if (rows > outputs) rows = outputs;
    }

    /* CHECKING */

    /// @dev Requires every operator to be well-formed and to fit those before it.
    function _operators(bytes[] calldata descriptors) private pure returns (Operator[] memory operators) {
        require(descriptors.length > 1, ITensorVerifier.ProgramTooShort(descriptors.length, 2));
        operators = new Operator[](descriptors.length);
        operators[0] = _header(0, descriptors[0]);
        _requireInput(operators[0]);
        for (uint256 i = 1; i < operators.length; ++i) {
            Operator memory operator = _header(uint32(i), descriptors[i]);
            require(operator.source < i, ITensorVerifier.OperatorMismatch(operator.source, uint32(i - 1)));
            operators[i] = operator;
            Operator memory source = operators[operator.source];
            if (operator.kind == Program.DENSE) _requireDense(uint32(i), operator, source, descriptors[i]);
            else _requireLookup(uint32(i), operator, source);
        }
    }

    function _header(uint32 index, bytes calldata descriptor) private pure returns (Operator memory operator) {
        require(descriptor.length >= Program.HEADER, ITensorVerifier.DescriptorMalformed(index, descriptor.length));
        operator = Program.header(descriptor);
        uint256 length = Program.lengthOf(operator.kind);
        require(length != 0, ITensorVerifier.UnknownOperatorKind(operator.kind));
        require(descriptor.length == length, ITensorVerifier.DescriptorMalformed(index, descriptor.length));
    }

    function _requireInput(Operator memory input) private pure {
        require(input.kind == Program.INPUT, ITensorVerifier.UnknownOperatorKind(input.kind));
        require(input.source == 0, ITensorVerifier.OperatorMismatch(input.source, 0));
        require(input.rows != 0, ITensorVerifier.ShapeMismatch(0, 0, 1));
        require(input.rowBytes != 0, ITensorVerifier.ShapeMismatch(0, 0, 1));
    }

    function _requireDense(
        uint32 index,
        Operator memory operator,
        Operator memory source,
        bytes calldata descriptor
    ) private pure {
        uint256 inputs = Program.dense(descriptor).inputs;
        _requireShape(index, inputs, uint256(source.rows) * source.rowBytes);
        _requireShape(index, operator.rows, 1);
        require(operator.rowBytes != 0, ITensorVerifier.ShapeMismatch(index, 0, 1));
    }

    function _requireLookup(uint32 index, Operator memory operator, Operator memory source) private pure {
        require(operator.kind == Program.LOOKUP, ITensorVerifier.UnknownOperatorKind(operator.kind));
        _requireShape(index, operator.rows, source.rows);
        _requireShape(index, operator.rowBytes, source.rowBytes);
    }

    function _requireShape(uint32 index, uint256 given, uint256 expected) private pure {
        require(given == expected, ITensorVerifier.ShapeMismatch(index, given, expected));
    }
}
