// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorRunner} from "../../interfaces/ITensorRunner.sol";
import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {CodeCursor, CodeStorage} from "../../libraries/CodeStorage.sol";
import {Convolution} from "../../libraries/Convolution.sol";
import {DecisionTree} from "../../libraries/DecisionTree.sol";
import {Dense} from "../../libraries/Dense.sol";
import {DotProduct} from "../../libraries/DotProduct.sol";
import {Elementwise} from "../../libraries/Elementwise.sol";
import {Move} from "../../libraries/Move.sol";
import {Pooling} from "../../libraries/Pooling.sol";
import {Operator, Program} from "../../libraries/Program.sol";
import {Softmax} from "../../libraries/Softmax.sol";
import {Sums} from "../../libraries/Sums.sol";
import {Tiles, Tiling} from "../../libraries/Tiles.sol";
import {Trees} from "../../libraries/Trees.sol";
import {Weights} from "../../libraries/Weights.sol";
import {Lines, Window, Windows} from "../../libraries/Windows.sol";

/// @title Runs
/// @notice Runs programs whole.
abstract contract Runs is ITensorRunner {
    using CodeStorage for CodeCursor;
    using Convolution for Convolution.Parameters;
    using DecisionTree for DecisionTree.Parameters;
    using Elementwise for *;
    using Pooling for Pooling.Parameters;
    using Softmax for Softmax.Parameters;
    using Tiles for Tiling;
    using Windows for Window;

    /// @dev A run so far.
    struct Run {
        Operator[] operators;
        bytes[] tensors;
        CodeCursor cursor;
    }

    /// @dev A convolution at work.
    struct Layer {
        Convolution.Parameters conv;
        bytes weights;
        /// The window at the position that is computed.
        bytes taps;
        bytes output;
    }

    /// @dev Bytes of dense weights held in memory at a time: enough that reading them costs little, little enough that memory does.
    uint256 internal constant WEIGHT_BUFFER = 8_192;

    /// @inheritdoc ITensorRunner
    function evaluate(
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external view returns (bytes memory) {
        Run memory run;
        run.cursor.chunks = weights;
        run.operators = new Operator[](descriptors.length);
        run.operators[0] = Program.header(descriptors[0]);
        uint256 length = uint256(run.operators[0].rows) * run.operators[0].rowBytes;
        require(input.length == length, ITensorVerifier.DataLengthMismatch(input.length, length));

        run.tensors = new bytes[](descriptors.length);
        run.tensors[0] = Dense.load(input);
        for (uint256 i = 1; i < descriptors.length; ++i) {
            run.operators[i] = Program.header(descriptors[i]);
            run.tensors[i] = _run(run, run.operators[i], descriptors[i]);
        }
        return run.tensors[descriptors.length - 1];
    }

    function _run(
        Run memory run,
        Operator memory operator,
        bytes calldata descriptor
    ) private view returns (bytes memory output) {
        bytes memory inputs = run.tensors[operator.source];
        uint8 kind = operator.kind;
        if (kind == Program.DENSE) {
            return _runDense(Program.dense(descriptor), operator.rowBytes, inputs, run.cursor);
        }
        if (kind == Program.LOOKUP) return Program.lookupAll(descriptor, inputs);
        if (kind == Program.CONSTANT) return _weights(run, operator, descriptor);

        output = Dense.allocate(uint256(operator.rows) * operator.rowBytes);
        if (kind == Program.CONV) _runConvolution(run, operator, descriptor, output);
        else if (kind == Program.ADD) _runSum(run, operator, descriptor, output);
        else if (kind == Program.MUL) _runProduct(run, operator, descriptor, output);
        else if (kind == Program.POOL) _runPooling(run, operator, descriptor, output);
        else if (kind == Program.MOVE) _runMove(run, descriptor, output);
        else if (kind == Program.SOFTMAX) _runSoftmax(inputs, descriptor, output);
        else if (kind == Program.TREES) _runTrees(run, operator, descriptor, output);
        else _runSums(inputs, descriptor, output);
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
        _requireWeights(leaves, dense.weightsRoot);
    }

    function _runConvolution(
        Run memory run,
        Operator memory operator,
        bytes calldata descriptor,
        bytes memory output
    ) private view {
        Layer memory layer;
        layer.conv = Convolution.read(descriptor);
        layer.weights = _weights(run, operator, descriptor);
        uint256 height = run.operators[operator.source].rows;
        (Tiling memory tiling, bool isPaying) = Tiles.lay(layer.conv, height, operator.rows, operator.rowBytes);
        if (isPaying) return tiling.run(run.tensors[operator.source], layer.weights, output);

        layer.taps = Dense.allocate(layer.conv.dense.inputs);
        layer.output = output;
        for (uint256 row = 0; row < operator.rows; ++row) {
            Lines memory lines = _lines(run, operator, layer.conv.window, row);
            for (uint256 offset = 0; offset < operator.rowBytes; offset += layer.conv.outputs) {
                _runPosition(layer, lines, offset / layer.conv.outputs, row * operator.rowBytes + offset);
            }
        }
    }

    /// @dev Computes all output channels of one position, from byte `offset` of the output on.
    function _runPosition(Layer memory layer, Lines memory lines, uint256 position, uint256 offset) private pure {
        uint256 outputs = layer.conv.outputs / layer.conv.groups;
        uint256 stride = Dense.rowLength(layer.taps.length);
        uint256 weight = 0;
        for (uint256 group = 0; group < layer.conv.groups; ++group) {
            layer.conv.gather(layer.taps, lines, position, group);
            uint256 sum = DotProduct.sum(layer.taps);
            for (uint256 i = 0; i < outputs; ++i) {
                layer.output[offset++] = bytes1(Dense.neuron(layer.conv.dense, layer.weights, weight, layer.taps, sum));
                weight += stride;
            }
        }
    }

    function _runPooling(
        Run memory run,
        Operator memory operator,
        bytes calldata descriptor,
        bytes memory output
    ) private pure {
        Pooling.Parameters memory pool = Pooling.read(descriptor);
        for (uint256 row = 0; row < operator.rows; ++row) {
            Lines memory lines = _lines(run, operator, pool.window, row);
            uint256 offset = row * operator.rowBytes;
            for (uint256 i = 0; i < operator.rowBytes; ++i) output[offset + i] = bytes1(pool.element(lines, i));
        }
    }

    /// @dev Lines of the source that the window of output row `row` touches, in place.
    function _lines(
        Run memory run,
        Operator memory operator,
        Window memory window,
        uint256 row
    ) private pure returns (Lines memory lines) {
        Operator memory source = run.operators[operator.source];
        uint256 first;
        (lines.skipped, lines.count, first) = window.linesOf(row, source.rows);
        lines.data = run.tensors[operator.source];
        lines.offset = first * source.rowBytes;
        lines.step = window.dilationHeight * source.rowBytes;
    }

    function _runSum(
        Run memory run,
        Operator memory operator,
        bytes calldata descriptor,
        bytes memory output
    ) private pure {
        Elementwise.Sum memory sum = Elementwise.readSum(descriptor);
        bytes memory inputs = run.tensors[operator.source];
        for (uint256 i = 0; i < output.length; ++i) {
            output[i] = bytes1(sum.add(uint8(inputs[i]), _other(run, operator, sum.other, i)));
        }
    }

    function _runProduct(
        Run memory run,
        Operator memory operator,
        bytes calldata descriptor,
        bytes memory output
    ) private pure {
        Elementwise.Product memory product = Elementwise.readProduct(descriptor);
        bytes memory inputs = run.tensors[operator.source];
        for (uint256 i = 0; i < output.length; ++i) {
            output[i] = bytes1(product.multiply(uint8(inputs[i]), _other(run, operator, product.other, i)));
        }
    }

    /// @dev Byte of tensor `other` that meets byte `index` of the output: it repeats until it fills the output.
    function _other(
        Run memory run,
        Operator memory operator,
        uint256 other,
        uint256 index
    ) private pure returns (uint8) {
        Operator memory shape = run.operators[other];
        uint256 row = (index / operator.rowBytes) % shape.rows;
        return uint8(run.tensors[other][row * shape.rowBytes + ((index % operator.rowBytes) % shape.rowBytes)]);
    }

    function _runMove(Run memory run, bytes calldata descriptor, bytes memory output) private pure {
        uint8 fill = Move.fillOf(descriptor);
        uint256[] memory coordinates = new uint256[](Move.rankOf(descriptor));
        for (uint256 i = 0; i < output.length; ++i) {
            (bool isFound, uint256 tensor, uint256 offset) = Move.locate(descriptor, i, coordinates);
            output[i] = isFound ? run.tensors[tensor][offset] : bytes1(fill);
        }
    }

    function _runSoftmax(bytes memory inputs, bytes calldata descriptor, bytes memory output) private pure {
        Softmax.Parameters memory softmax = Softmax.read(descriptor);
        for (uint256 offset = 0; offset < output.length; offset += softmax.depth) {
            (int256 sum, int256 greatest) = softmax.sumOf(inputs, offset);
            for (uint256 i = offset; i < offset + softmax.depth; ++i) {
                output[i] = bytes1(softmax.outputOf(sum, int256(uint256(uint8(inputs[i]))) - greatest));
            }
        }
    }

    function _runTrees(
        Run memory run,
        Operator memory operator,
        bytes calldata descriptor,
        bytes memory output
    ) private view {
        DecisionTree.Parameters memory tree = DecisionTree.read(descriptor);
        bytes memory trees = _weights(run, operator, descriptor);
        for (uint256 row = 0; row < operator.rows; ++row) {
            uint256 offset = row * tree.rowLength;
            uint256 leaf = tree.leafOf(trees, offset, run.tensors[operator.source]);
            for (uint256 i = 0; i < operator.rowBytes; ++i) {
                output[row * operator.rowBytes + i] = bytes1(tree.byteAt(trees, offset, leaf + i));
            }
        }
    }

    function _runSums(bytes memory inputs, bytes calldata descriptor, bytes memory output) private pure {
        for (uint256 i = 0; i < output.length; ++i) output[i] = bytes1(Sums.element(descriptor, inputs, i));
    }

    /* WEIGHTS */

    /// @dev Reads all weight rows of an operator.
    function _weights(
        Run memory run,
        Operator memory operator,
        bytes calldata descriptor
    ) private view returns (bytes memory rows) {
        (uint256 count, uint256 length, bytes32 root) = Weights.rowsOf(operator, descriptor);
        rows = Dense.allocate(count * length);
        _fill(rows, rows.length, run.cursor);
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = Trees.leafAt(rows, i * length, length);
        _requireWeights(leaves, root);
    }

    function _requireWeights(bytes32[] memory leaves, bytes32 root) private pure {
        bytes32 computed = Trees.root(Trees.WEIGHTS, leaves.length, Trees.top(leaves));
        require(computed == root, ITensorVerifier.RootMismatch(computed, root));
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
}
