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
    /* IMMUTABLES */

    /// @notice Checks and runs whole programs for this verifier.
    TensorInterpreter public immutable INTERPRETER = new TensorInterpreter();

    /* REFUTING */

    /// @inheritdoc ITensorVerifier
    function prove(IClaimSource source, bytes calldata context, ElementProof calldata proof) external {
        (bytes32 claimId, Claim memory claim, ) = source.challengeable(context);
        (uint8 committed, uint8 computed) = _openElement(_programRoot(claimId, claim.model), claim, proof);
        (uint32 tensor, uint32 row, uint32 column) = (proof.operator.index, proof.outputRow.index, proof.column);
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
        Operator memory operator = _openOperator(last, _programRoot(claimId, claim.model));
        uint32 operators = last.count - 1;
        require(last.index == operators, OperatorMismatch(last.index, operators));
        _requireTensor(operator, output, _openTensor(claim, operators, operators, tensor));
        bytes32 traced = keccak256(output);
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
        Operator memory producer = _openOperator(operator, _programRoot(claimId, claim.model));
        bytes32 root = _openTensor(claim, operator.index, operator.count - 1, tensor);
        _openRow(row, Trees.TENSOR, producer.rows, row.data.length, root);
        require(row.data.length != producer.rowBytes, RowConsistent(operator.index, row.index, row.data.length));

        emit RowRefuted(claimId, source, msg.sender, operator.index, row.index, row.data.length, producer.rowBytes);
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
    ) internal pure returns (uint8 committed, uint8 computed) {
        Operator memory operator = _openOperator(proof.operator, programRoot);
        uint256 operators = proof.operator.count - 1;
        bytes32 outputRoot = _openTensor(claim, proof.operator.index, operators, proof.output);
        _openRow(proof.outputRow, Trees.TENSOR, operator.rows, operator.rowBytes, outputRoot);
        require(proof.column < operator.rowBytes, IndexOutOfRange(proof.column, operator.rowBytes));
        committed = uint8(proof.outputRow.data[proof.column]);

        require(proof.producer.index == operator.source, OperatorMismatch(proof.producer.index, operator.source));
        Operator memory producer = _openOperator(proof.producer, programRoot);
        bytes32 inputRoot = _openTensor(claim, operator.source, operators, proof.input);
        if (operator.kind == Program.DENSE) computed = _dense(proof, producer, inputRoot, operator.rowBytes);
        else if (operator.kind == Program.LOOKUP) computed = _lookup(proof, producer, inputRoot);
        else revert UnknownOperatorKind(operator.kind);
    }

    function _dense(
        ElementProof calldata proof,
        Operator memory producer,
        bytes32 inputRoot,
        uint256 outputs
    ) private pure returns (uint8) {
        _requireRows(proof.inputRows.length, producer.rows);
        bytes memory inputs = new bytes(uint256(producer.rows) * producer.rowBytes);
        for (uint256 i = 0; i < proof.inputRows.length; ++i) {
            RowOpening calldata row = proof.inputRows[i];
            require(row.index == i, RowMismatch(row.index, i));
            _loadRow(row, Trees.TENSOR, producer.rows, producer.rowBytes, inputRoot, inputs, i * producer.rowBytes);
        }

        RowOpening calldata weights = proof.weights;
        require(weights.index == proof.column, RowMismatch(weights.index, proof.column));
        Dense.Parameters memory dense = Program.dense(proof.operator.descriptor);
        bytes memory weightRow = new bytes(Dense.rowLength(dense.inputs));
        _loadRow(weights, Trees.WEIGHTS, outputs, weightRow.length, dense.weightsRoot, weightRow, 0);
        return Dense.neuron(dense, weightRow, 0, inputs, DotProduct.sum(inputs));
    }

    function _lookup(
        ElementProof calldata proof,
        Operator memory producer,
        bytes32 inputRoot
    ) private pure returns (uint8) {
        _requireRows(proof.inputRows.length, 1);
        RowOpening calldata row = proof.inputRows[0];
        require(row.index == proof.outputRow.index, RowMismatch(row.index, proof.outputRow.index));
        _openRow(row, Trees.TENSOR, producer.rows, producer.rowBytes, inputRoot);
        return Program.lookup(proof.operator.descriptor, uint8(row.data[proof.column]));
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
