// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaimSource} from "../../interfaces/IClaimSource.sol";
import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {Dense} from "../../libraries/Dense.sol";
import {DotProduct} from "../../libraries/DotProduct.sol";
import {Operator, Program} from "../../libraries/Program.sol";
import {Trees} from "../../libraries/Trees.sol";
import {Claim} from "../../types/Claim.sol";
import {ElementProof, OperatorOpening, RowOpening, TensorOpening} from "../../types/Tensor.sol";
import {TensorInterpreter} from "../TensorInterpreter.sol";
import {Openings} from "./Openings.sol";

/// @title Refutations
/// @notice Proofs that a claim is wrong, each complete in one call.
abstract contract Refutations is Openings {
    /// @dev One element of the claim's trace.
    struct Element {
        uint32 tensor;
        uint32 row;
        uint32 column;
        uint8 committed;
        uint8 computed;
    }

    /* IMMUTABLES */

    /// @notice Checks and runs whole programs for this verifier.
    TensorInterpreter public immutable INTERPRETER = new TensorInterpreter();

    /* REFUTING */

    /// @inheritdoc ITensorVerifier
    function prove(IClaimSource source, bytes calldata context, ElementProof calldata proof) external {
        (bytes32 claimId, Claim memory claim, ) = source.challengeable(context);
        Element memory element = _openElement(_programRoot(claimId, claim.model), claim, proof);
        (uint32 tensor, uint32 row, uint32 column) = (element.tensor, element.row, element.column);
        (uint8 committed, uint8 computed) = (element.committed, element.computed);
        require(committed != computed, ElementConsistent(tensor, row, column, computed));

        emit ElementRefuted(claimId, source, msg.sender, tensor, row, column, committed, computed);
        source.refute(context, msg.sender);
    }

    /// @inheritdoc ITensorVerifier
    function proveOutput(
        IClaimSource source,
        bytes calldata context,
        OperatorOpening calldata last,
        TensorOpening calldata tensor,
        bytes calldata output
    ) external {
        (bytes32 claimId, Claim memory claim, ) = source.challengeable(context);
        bytes32 traced = _openOutput(_programRoot(claimId, claim.model), claim, last, tensor, output);
        require(traced != claim.outputHash, OutputConsistent(traced));

        emit OutputRefuted(claimId, source, msg.sender, traced, claim.outputHash);
        source.refute(context, msg.sender);
    }

    /// @inheritdoc ITensorVerifier
    function proveRow(
        IClaimSource source,
        bytes calldata context,
        OperatorOpening calldata operator,
        TensorOpening calldata tensor,
        RowOpening calldata row
    ) external {
        (bytes32 claimId, Claim memory claim, ) = source.challengeable(context);
        Rows memory rows = _openRows(_programRoot(claimId, claim.model), claim, operator, tensor);
        (uint256 expected, uint256 length) = (rows.length, row.data.length);
        require(length != expected, RowConsistent(operator.index, row.index, length));
        rows.length = length;
        _openRow(row, row.index, rows);

        emit RowRefuted(claimId, source, msg.sender, operator.index, row.index, length, expected);
        source.refute(context, msg.sender);
    }

    /// @inheritdoc ITensorVerifier
    function execute(
        IClaimSource source,
        bytes calldata context,
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external returns (bool refuted) {
        (bytes32 claimId, Claim memory claim, ) = source.challengeable(context);
        bytes32 root = _programRoot(claimId, claim.model);
        bytes32 given = Program.rootOf(descriptors);
        require(given == root, ProgramMismatch(given, root));
        _requireTensor(Program.header(descriptors[0]), input, claim.inputHash);
        bytes32 computed = keccak256(INTERPRETER.evaluate(descriptors, weights, input));
        if (computed == claim.outputHash) return false;

        emit ExecutionRefuted(claimId, source, msg.sender, computed, claim.outputHash);
        source.refute(context, msg.sender);
        return true;
    }

    /// @inheritdoc ITensorVerifier
    function evaluate(
        bytes[] calldata descriptors,
        address[] calldata weights,
        bytes calldata input
    ) external view returns (bytes memory) {
        return INTERPRETER.evaluate(descriptors, weights, input);
    }

    /* INTERNAL */

    function _openElement(
        bytes32 programRoot,
        Claim memory claim,
        ElementProof calldata proof
    ) internal pure returns (Element memory element) {
        (Operator memory operator, uint256 index, uint256 operators) = _openOperator(proof.operator, programRoot);
        Rows memory rows = _rowsOf(operator, _openTensor(claim, index, operators, proof.output));
        RowOpening calldata outputRow = proof.outputRow;
        (element.tensor, element.row, element.column) = (uint32(index), outputRow.index, proof.column);
        require(element.column < rows.length, IndexOutOfRange(element.column, rows.length));
        element.committed = uint8(_openRow(outputRow, element.row, rows)[element.column]);

        (Operator memory producer, uint256 producerIndex, ) = _openOperator(proof.producer, programRoot);
        require(producerIndex == operator.source, OperatorMismatch(uint32(producerIndex), operator.source));
        rows = _rowsOf(producer, _openTensor(claim, producerIndex, operators, proof.input));
        if (operator.kind == Program.DENSE) element.computed = _dense(proof, rows, element.column, operator.rowBytes);
        else if (operator.kind == Program.LOOKUP) element.computed = _lookup(proof, rows, element.row, element.column);
        else revert UnknownOperatorKind(operator.kind);
    }

    /// @param rows Rows of the tensor that the operator reads: all of them are opened.
    function _dense(
        ElementProof calldata proof,
        Rows memory rows,
        uint256 column,
        uint256 outputs
    ) private pure returns (uint8) {
        RowOpening[] calldata inputRows = proof.inputRows;
        _requireRows(inputRows.length, rows.count);
        bytes memory inputs = Dense.allocate(rows.count * rows.length);
        for (uint256 i = 0; i < inputRows.length; ++i) _loadRow(inputRows[i], i, rows, inputs, i * rows.length);

        Dense.Parameters memory dense = Program.dense(proof.operator.descriptor);
        bytes memory weights = new bytes(Dense.rowLength(dense.inputs));
        rows = Rows({tag: Trees.WEIGHTS, root: dense.weightsRoot, count: outputs, length: weights.length});
        _loadRow(proof.weights, column, rows, weights, 0);
        return Dense.neuron(dense, weights, 0, inputs, DotProduct.sum(inputs));
    }

    /// @param rows Rows of the tensor that the operator reads: the one in the element's place is opened.
    function _lookup(
        ElementProof calldata proof,
        Rows memory rows,
        uint256 row,
        uint256 column
    ) private pure returns (uint8) {
        RowOpening[] calldata inputRows = proof.inputRows;
        _requireRows(inputRows.length, 1);
        bytes calldata input = _openRow(inputRows[0], row, rows);
        return Program.lookup(proof.operator.descriptor, uint8(input[column]));
    }

    /// @return Hash of `output`, which are the rows of the trace's last tensor.
    function _openOutput(
        bytes32 programRoot,
        Claim memory claim,
        OperatorOpening calldata last,
        TensorOpening calldata tensor,
        bytes calldata output
    ) private pure returns (bytes32) {
        (Operator memory operator, uint256 index, uint256 operators) = _openOperator(last, programRoot);
        require(index == operators, OperatorMismatch(uint32(index), uint32(operators)));
        bytes memory rows = output;
        _requireTensor(operator, rows, _openTensor(claim, index, operators, tensor));
        return keccak256(rows);
    }

    function _openRows(
        bytes32 programRoot,
        Claim memory claim,
        OperatorOpening calldata opening,
        TensorOpening calldata tensor
    ) private pure returns (Rows memory) {
        (Operator memory operator, uint256 index, uint256 operators) = _openOperator(opening, programRoot);
        return _rowsOf(operator, _openTensor(claim, index, operators, tensor));
    }

    function _requireRows(uint256 given, uint256 expected) private pure {
        require(given == expected, RowCountMismatch(given, expected));
    }

    /// @dev Requires `data` to be all rows of the tensor that `operator` produces and `root` commits to.
    function _requireTensor(Operator memory operator, bytes memory data, bytes32 root) private pure {
        uint256 length = uint256(operator.rows) * operator.rowBytes;
        require(data.length == length, DataLengthMismatch(data.length, length));
        bytes32 top = Trees.topOfRows(data, operator.rowBytes);
        _requireRoot(Trees.root(Trees.TENSOR, operator.rows, top), root);
    }
}
