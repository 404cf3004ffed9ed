// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IClaimSource} from "../../interfaces/IClaimSource.sol";
import {ITensorChecker} from "../../interfaces/ITensorChecker.sol";
import {ITensorInterpreter} from "../../interfaces/ITensorInterpreter.sol";
import {ITensorRunner} from "../../interfaces/ITensorRunner.sol";
import {ITensorVerifier} from "../../interfaces/ITensorVerifier.sol";
import {CalldataTail} from "../../libraries/CalldataTail.sol";
import {Dense} from "../../libraries/Dense.sol";
import {DotProduct} from "../../libraries/DotProduct.sol";
import {Operator, Program} from "../../libraries/Program.sol";
import {Trees} from "../../libraries/Trees.sol";
import {Claim} from "../../types/Claim.sol";
import {
    Element,
    ElementProof,
    OperatorOpening,
    Roots,
    RowOpening,
    SourceOpening,
    TensorOpening
} from "../../types/Tensor.sol";
import {Elements, Opened} from "./Elements.sol";
import {Openings, Rows} from "./Openings.sol";
import {Programs} from "./Programs.sol";

/// @title Refutations
/// @notice Proofs that a claim is wrong, each complete in one call.
abstract contract Refutations is Programs {
    using Elements for *;
    using Openings for *;

    /* IMMUTABLES */

    /// @inheritdoc ITensorVerifier
    ITensorChecker public immutable CHECKER;
    /// @inheritdoc ITensorVerifier
    ITensorInterpreter public immutable INTERPRETER;
    /// @inheritdoc ITensorVerifier
    ITensorRunner public immutable RUNNER;

    /* CONSTRUCTOR */

    constructor(ITensorChecker checker, ITensorInterpreter interpreter, ITensorRunner runner) {
        _requirePart(address(checker));
        _requirePart(address(interpreter));
        _requirePart(address(runner));

        CHECKER = checker;
        INTERPRETER = interpreter;
        RUNNER = runner;
    }

    /* REFUTING */

    /// @inheritdoc ITensorVerifier
    function prove(IClaimSource source, bytes calldata context, ElementProof calldata proof) external {
        (bytes32 claimId, Claim memory claim, ) = source.challengeable(context);
        Element memory element = _judge(_rootsOf(claimId, claim), proof);
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
        bytes32 traced = _openOutput(_rootsOf(claimId, claim), last, tensor, output);
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
        Rows memory rows = _openRows(_rootsOf(claimId, claim), operator, tensor);
        (uint256 expected, uint256 length) = (rows.length, row.data.length);
        require(length != expected, RowConsistent(operator.index, row.index, length));
        rows.length = length;
        row.openRow(row.index, rows);

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
        bytes32 root = _rootsOf(claimId, claim).program;
        bytes32 given = Program.rootOf(descriptors);
        require(given == root, ProgramMismatch(given, root));
        _requireTensor(Program.header(descriptors[0]), input, claim.inputHash);
        bytes32 computed = keccak256(RUNNER.evaluate(descriptors, weights, input));
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
        CHECKER.check(descriptors);
        return RUNNER.evaluate(descriptors, weights, input);
    }

    /* INTERNAL */

    function _requirePart(address part) private view {
        require(part != address(0), ZeroAddress());
        require(part.code.length != 0, NoCode(part));
    }

    /// @dev Dense elements, the most common, are computed here, which saves a call and its copy of the proof.
    function _judge(Roots memory roots, ElementProof calldata proof) private view returns (Element memory) {
        if (Program.header(proof.operator.descriptor).kind != Program.DENSE) return _interpret(roots, proof);

        Opened memory opened = roots.open(proof);
        opened.element.computed = _dense(opened, proof);
        return opened.element;
    }

    function _interpret(Roots memory roots, ElementProof calldata proof) private view returns (Element memory) {
        // Offset of the proof behind the roots and this word: abi.encodeCall(INTERPRETER.element, (roots, proof))
        bytes memory head = abi.encodeWithSelector(INTERPRETER.element.selector, roots, uint256(0x80));
        bytes memory data = bytes.concat(head, CalldataTail.from(proof));
        return abi.decode(Address.functionStaticCall(address(INTERPRETER), data), (Element));
    }

    function _dense(Opened memory opened, ElementProof calldata proof) private pure returns (uint8) {
        proof.requireSources(1);
        SourceOpening calldata source = proof.sources[0];
        bytes memory inputs = source.loadAll(opened.openSource(source, opened.operator.source));

        Dense.Parameters memory dense = Program.dense(proof.operator.descriptor);
        (uint256 count, uint256 length) = (opened.operator.rowBytes, Dense.rowLength(dense.inputs));
        bytes memory weights = proof.loadWeights(opened.element.column, count, length, dense.weightsRoot);
        return Dense.neuron(dense, weights, 0, inputs, DotProduct.sum(inputs));
    }

    /// @return Hash of `output`, which are the rows of the trace's last tensor.
    function _openOutput(
        Roots memory roots,
        OperatorOpening calldata last,
        TensorOpening calldata tensor,
        bytes calldata output
    ) private pure returns (bytes32) {
        (Operator memory operator, uint256 index, uint256 operators) = last.openOperator(roots.program);
        require(index == operators, OperatorMismatch(uint32(index), uint32(operators)));
        _requireTensor(operator, output, roots.openTensor(index, operators, tensor));
        return keccak256(output);
    }

    function _openRows(
        Roots memory roots,
        OperatorOpening calldata opening,
        TensorOpening calldata tensor
    ) private pure returns (Rows memory) {
        (Operator memory operator, uint256 index, uint256 operators) = opening.openOperator(roots.program);
        return operator.rowsOf(roots.openTensor(index, operators, tensor));
    }

    /// @dev Requires `data` to be all rows of the tensor that `operator` produces and `root` commits to.
    function _requireTensor(Operator memory operator, bytes memory data, bytes32 root) private pure {
        uint256 length = uint256(operator.rows) * operator.rowBytes;
        require(data.length == length, DataLengthMismatch(data.length, length));
        bytes32 top = Trees.topOfRows(data, operator.rowBytes);
        Trees.root(Trees.TENSOR, operator.rows, top).requireRoot(root);
    }
}
