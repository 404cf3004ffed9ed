// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorInterpreter} from "../../interfaces/ITensorInterpreter.sol";
import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Convolution} from "../../libraries/Convolution.sol";
import {DecisionTree} from "../../libraries/DecisionTree.sol";
import {Dense} from "../../libraries/Dense.sol";
import {DotProduct} from "../../libraries/DotProduct.sol";
import {Elementwise} from "../../libraries/Elementwise.sol";
import {Move} from "../../libraries/Move.sol";
import {Pooling} from "../../libraries/Pooling.sol";
import {Program} from "../../libraries/Program.sol";
import {Softmax} from "../../libraries/Softmax.sol";
import {Sums} from "../../libraries/Sums.sol";
import {Weights} from "../../libraries/Weights.sol";
import {Lines, Window, Windows} from "../../libraries/Windows.sol";
import {Element, ElementProof, Roots, SourceOpening} from "../../types/Tensor.sol";
import {Elements, Opened} from "./Elements.sol";
import {Rows} from "./Openings.sol";

/// @title Kernels
/// @notice Computes one element of any kind but the dense one from what a proof opens.
abstract contract Kernels is ITensorInterpreter {
    using Elements for *;
    using Convolution for Convolution.Parameters;
    using DecisionTree for DecisionTree.Parameters;
    using Elementwise for *;
    using Pooling for Pooling.Parameters;
    using Softmax for Softmax.Parameters;
    using Windows for Window;

    /// @inheritdoc ITensorInterpreter
    function element(Roots calldata roots, ElementProof calldata proof) external pure returns (Element memory) {
        Opened memory opened = Elements.open(roots, proof);
        bytes calldata descriptor = proof.operator.descriptor;
        opened.element.computed = _compute(opened, descriptor, proof);
        return opened.element;
    }

    function _compute(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        uint8 kind = opened.operator.kind;
        if (kind == Program.CONV) return _convolve(opened, descriptor, proof);
        if (kind == Program.LOOKUP) return _lookup(opened, descriptor, proof);
        if (kind == Program.ADD || kind == Program.MUL) return _combine(opened, descriptor, proof);
        if (kind == Program.POOL) return _pool(opened, descriptor, proof);
        if (kind == Program.MOVE) return _move(opened, descriptor, proof);
        if (kind == Program.SOFTMAX) return _softmax(opened, descriptor, proof);
        if (kind == Program.CONSTANT) return _constant(opened, descriptor, proof);
        if (kind == Program.TREES) return _tree(opened, descriptor, proof);
        if (kind == Program.SUM) return _sum(opened, descriptor, proof);
        revert ITensorVerifier.UnknownOperatorKind(kind);
    }

    /// @dev Opens the only tensor that the element reads: the operator's source.
    function _source(
        Opened memory opened,
        ElementProof calldata proof
    ) private pure returns (SourceOpening calldata source, Rows memory rows) {
        proof.requireSources(1);
        source = proof.sources[0];
        rows = opened.openSource(source, opened.operator.source);
    }

    function _weights(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof,
        uint256 index
    ) private pure returns (bytes memory) {
        (uint256 count, uint256 length, bytes32 root) = Weights.rowsOf(opened.operator, descriptor);
        return proof.loadWeights(index, count, length, root);
    }

    function _lookup(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        (SourceOpening calldata source, Rows memory rows) = _source(opened, proof);
        bytes calldata row = source.openOnly(opened.element.row, rows);
        return Program.lookup(descriptor, uint8(row[opened.element.column]));
    }

    function _convolve(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        Convolution.Parameters memory conv = Convolution.read(descriptor);
        Lines memory lines = _lines(opened, conv.window, proof);
        uint256 output = opened.element.column % conv.outputs;
        bytes memory taps = Dense.allocate(conv.dense.inputs);
        uint256 group = output / (conv.outputs / conv.groups);
        conv.gather(taps, lines, opened.element.column / conv.outputs, group);

        uint256 length = Dense.rowLength(taps.length);
        bytes memory weights = proof.loadWeights(output, conv.outputs, length, conv.dense.weightsRoot);
        return Dense.neuron(conv.dense, weights, 0, taps, DotProduct.sum(taps));
    }

    function _pool(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        Pooling.Parameters memory pool = Pooling.read(descriptor);
        return pool.element(_lines(opened, pool.window, proof), opened.element.column);
    }

    /// @dev Loads the lines of the source that the window of the element touches.
    function _lines(
        Opened memory opened,
        Window memory window,
        ElementProof calldata proof
    ) private pure returns (Lines memory lines) {
        (SourceOpening calldata source, Rows memory rows) = _source(opened, proof);
        uint256 first;
        (lines.skipped, lines.count, first) = window.linesOf(opened.element.row, rows.count);
        lines.step = rows.length;
        lines.data = source.loadRows(first, window.dilationHeight, lines.count, rows);
    }

    function _combine(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        proof.requireSources(2);
        uint8 x1 = _operand(opened, proof, 0, opened.operator.source);
        uint8 x2 = _operand(opened, proof, 1, Elementwise.otherOf(descriptor));
        if (opened.operator.kind == Program.ADD) return Elementwise.readSum(descriptor).add(x1, x2);
        return Elementwise.readProduct(descriptor).multiply(x1, x2);
    }

    /// @dev Byte of an operand that the element reads; an operand repeats until it fills the element's tensor.
    function _operand(
        Opened memory opened,
        ElementProof calldata proof,
        uint256 position,
        uint256 tensor
    ) private pure returns (uint8) {
        SourceOpening calldata source = proof.sources[position];
        Rows memory rows = opened.openSource(source, tensor);
        bytes calldata row = source.openOnly(opened.element.row % rows.count, rows);
        return uint8(row[opened.element.column % rows.length]);
    }

    function _move(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        uint256 index = uint256(opened.element.row) * opened.operator.rowBytes + opened.element.column;
        (bool isFound, uint256 tensor, uint256 offset) = Move.locate(
            descriptor,
            index,
            new uint256[](Move.rankOf(descriptor))
        );
        proof.requireSources(isFound ? 1 : 0);
        if (!isFound) return Move.fillOf(descriptor);

        Rows memory rows = opened.openSource(proof.sources[0], tensor);
        return uint8(proof.sources[0].openOnly(offset / rows.length, rows)[offset % rows.length]);
    }

    function _softmax(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        Softmax.Parameters memory softmax = Softmax.read(descriptor);
        (SourceOpening calldata source, Rows memory rows) = _source(opened, proof);
        bytes memory row = source.openOnly(opened.element.row, rows);
        uint256 index = opened.element.column % softmax.depth;
        return softmax.element(row, opened.element.column - index, index);
    }

    function _constant(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        proof.requireSources(0);
        return uint8(_weights(opened, descriptor, proof, opened.element.row)[opened.element.column]);
    }

    function _tree(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        (SourceOpening calldata source, Rows memory rows) = _source(opened, proof);
        bytes memory features = source.loadAll(rows);
        bytes memory tree = _weights(opened, descriptor, proof, opened.element.row);
        return DecisionTree.read(descriptor).element(tree, 0, features, opened.element.column);
    }

    function _sum(
        Opened memory opened,
        bytes calldata descriptor,
        ElementProof calldata proof
    ) private pure returns (uint8) {
        (SourceOpening calldata source, Rows memory rows) = _source(opened, proof);
        bytes memory values = source.loadAll(rows);
        return Sums.element(descriptor, values, opened.element.column);
    }
}
