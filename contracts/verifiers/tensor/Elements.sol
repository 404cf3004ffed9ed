// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Dense} from "../../libraries/Dense.sol";
import {Operator} from "../../libraries/Program.sol";
import {Trees} from "../../libraries/Trees.sol";
import {Element, ElementProof, Roots, RowOpening, SourceOpening} from "../../types/Tensor.sol";
import {Openings, Rows} from "./Openings.sol";

/// @notice What stands open while an element is judged.
struct Opened {
    Roots roots;
    Operator operator;
    /// Operators of the program without its input.
    uint256 operators;
    /// Without what was computed.
    Element element;
}

/// @title Elements
/// @notice Opens what an element proof says was committed, and what it was computed from.
library Elements {
    using Openings for *;

    /// @notice Opens the operator and the element that the claim commits to.
    function open(Roots memory roots, ElementProof calldata proof) internal pure returns (Opened memory opened) {
        opened.roots = roots;
        uint256 index;
        (opened.operator, index, opened.operators) = proof.operator.openOperator(roots.program);
        Rows memory rows = opened.operator.rowsOf(roots.openTensor(index, opened.operators, proof.output));
        Element memory element = opened.element;
        RowOpening calldata outputRow = proof.outputRow;
        (element.tensor, element.row, element.column) = (uint32(index), outputRow.index, proof.column);
        require(element.column < rows.length, ITensorVerifier.IndexOutOfRange(element.column, rows.length));
        element.committed = uint8(outputRow.openRow(element.row, rows)[element.column]);
    }

    function requireSources(ElementProof calldata proof, uint256 expected) internal pure {
        uint256 given = proof.sources.length;
        require(given == expected, ITensorVerifier.SourceCountMismatch(given, expected));
    }

    /// @notice Opens tensor `tensor`, as the one that `source` must be.
    function openSource(
        Opened memory self,
        SourceOpening calldata source,
        uint256 tensor
    ) internal pure returns (Rows memory) {
        (Operator memory producer, uint256 index, ) = source.producer.openOperator(self.roots.program);
        require(index == tensor, ITensorVerifier.OperatorMismatch(uint32(index), uint32(tensor)));
        return producer.rowsOf(self.roots.openTensor(index, self.operators, source.tensor));
    }

    /// @notice Opens the one row that `source` must hold: row `row`.
    function openOnly(
        SourceOpening calldata source,
        uint256 row,
        Rows memory rows
    ) internal pure returns (bytes calldata) {
        Openings.requireRows(source.rows.length, 1);
        return source.rows[0].openRow(row, rows);
    }

    /// @notice Loads `count` rows, row `first` and those that follow `step` apart, as the ones that `source` must hold.
    function loadRows(
        SourceOpening calldata source,
        uint256 first,
        uint256 step,
        uint256 count,
        Rows memory rows
    ) internal pure returns (bytes memory data) {
        RowOpening[] calldata given = source.rows;
        Openings.requireRows(given.length, count);
        data = Dense.allocate(count * rows.length);
        for (uint256 i = 0; i < count; ++i) given[i].loadRow(first + i * step, rows, data, i * rows.length);
    }

    /// @notice Loads the whole tensor, all rows of which `source` must hold.
    function loadAll(SourceOpening calldata source, Rows memory rows) internal pure returns (bytes memory) {
        return loadRows(source, 0, 1, rows.count, rows);
    }

    /// @notice Loads the weight row of the element: row `index` of `count`, of `length` bytes, under `root`.
    function loadWeights(
        ElementProof calldata proof,
        uint256 index,
        uint256 count,
        uint256 length,
        bytes32 root
    ) internal pure returns (bytes memory weights) {
        weights = Dense.allocate(length);
        Rows memory rows = Rows({tag: Trees.WEIGHTS, root: root, count: count, length: length});
        proof.weights.loadRow(index, rows, weights, 0);
    }
}
