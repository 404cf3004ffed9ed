// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {Escrow} from "../../contracts/Escrow.sol";
import {Method} from "../../contracts/interfaces/IModelRegistry.sol";
import {Int8} from "../../contracts/libraries/Int8.sol";
import {Trees} from "../../contracts/libraries/Trees.sol";
import {ClaimSource} from "../../contracts/mocks/ClaimSource.sol";
import {TestToken} from "../../contracts/mocks/TestToken.sol";
import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {Claim, ModelId, ModelVersionId} from "../../contracts/types/Claim.sol";
import {
    ElementProof,
    OperatorOpening,
    RowOpening,
    SourceOpening,
    TensorOpening
} from "../../contracts/types/Tensor.sol";
import {TensorChecker} from "../../contracts/verifiers/TensorChecker.sol";
import {TensorInterpreter} from "../../contracts/verifiers/TensorInterpreter.sol";
import {TensorRunner} from "../../contracts/verifiers/TensorRunner.sol";
import {TensorVerifier} from "../../contracts/verifiers/TensorVerifier.sol";
import {Harness} from "./Harness.sol";

/// @notice A verifier, and programs INPUT → LOOKUP → DENSE of any shape with their traces and proofs, built the plain way.
abstract contract TensorWorld is Harness {
    uint128 internal constant BOND = 7;
    uint64 internal constant SUPPLY_WINDOW = 100;
    uint64 internal constant FOLLOW_UP_WINDOW = 40;
    uint256 internal constant OPERATORS = 3;

    struct Model {
        ModelVersionId version;
        uint32 rows;
        uint32 rowBytes;
        uint32 outputs;
        bytes[] descriptors;
        bytes[] weights;
    }

    TestToken public immutable TOKEN = new TestToken();
    Escrow public immutable ESCROW = new Escrow(TOKEN);
    ModelRegistry public immutable REGISTRY;
    ClaimSource public immutable SOURCE = new ClaimSource();
    TensorVerifier public immutable VERIFIER;

    ModelId internal _model;

    constructor() {
        REGISTRY = new ModelRegistry(address(new AccessManager(address(this))));
        VERIFIER = new TensorVerifier(
            ESCROW,
            REGISTRY,
            new TensorChecker(),
            new TensorInterpreter(),
            new TensorRunner(),
            BOND,
            SUPPLY_WINDOW,
            FOLLOW_UP_WINDOW
        );
        REGISTRY.approveVerifier(address(VERIFIER));
        _model = REGISTRY.create("fuzz", "fuzz");
    }

    /* MODELS */

    function _publish(
        uint256 rows,
        uint256 rowBytes,
        uint256 outputs,
        bytes32 seed
    ) internal returns (Model memory model) {
        (model.rows, model.rowBytes, model.outputs) = (uint32(rows), uint32(rowBytes), uint32(outputs));
        model.weights = new bytes[](outputs);
        bytes32[] memory leaves = new bytes32[](outputs);
        for (uint256 i = 0; i < outputs; ++i) {
            bytes memory weights = _random(((rows * rowBytes + 31) / 32) * 32, _mix(seed, i));
            uint256 values = uint256(_mix(seed, 1000 + i));
            int8 shift = -int8(int256(values % 20));
            int32 multiplier = int32(uint32(2 ** 30 + ((values >> 128) % 2 ** 30)));
            model.weights[i] = abi.encodePacked(int32(uint32(values >> 224)) >> 12, multiplier, shift, weights);
            leaves[i] = _leaf(model.weights[i]);
        }

        bytes memory shape = abi.encodePacked(model.rows, model.rowBytes);
        bytes memory clamps = abi.encodePacked(uint8(uint256(seed)), uint8(uint256(seed) >> 8) / 4, uint8(255));
        bytes32 root = Trees.root("WGT1", outputs, _node(leaves, 0, _depth(outputs)));
        model.descriptors = new bytes[](OPERATORS);
        model.descriptors[0] = abi.encodePacked(uint8(0), uint16(0), shape);
        model.descriptors[1] = abi.encodePacked(uint8(2), uint16(0), shape, _random(256, _mix(seed, 7)));
        model.descriptors[2] = abi.encodePacked(
            uint8(1),
            uint16(1),
            uint32(1),
            model.outputs,
            uint32(rows * rowBytes),
            clamps,
            root
        );

        Method[] memory methods = new Method[](1);
        bytes memory data = abi.encode(model.descriptors);
        methods[0] = Method(address(VERIFIER), _root("PRG1", _leaves(model.descriptors)), data);
        model.version = REGISTRY.publish(_model, seed, "", methods);
    }

    /* RUNNING */

    /// @return tensors Rows of tensors 0 to 2, on a random input.
    function _run(Model memory model, bytes32 seed) internal pure returns (bytes[][] memory tensors) {
        tensors = new bytes[][](OPERATORS);
        tensors[0] = new bytes[](model.rows);
        tensors[1] = new bytes[](model.rows);
        bytes memory inputs;
        for (uint256 i = 0; i < model.rows; ++i) {
            tensors[0][i] = _random(model.rowBytes, _mix(seed, i));
            tensors[1][i] = new bytes(model.rowBytes);
            for (uint256 j = 0; j < model.rowBytes; ++j) {
                tensors[1][i][j] = model.descriptors[1][11 + uint256(uint8(tensors[0][i][j]))];
            }
            inputs = bytes.concat(inputs, tensors[1][i]);
        }
        tensors[2] = new bytes[](1);
        tensors[2][0] = new bytes(model.outputs);
        for (uint256 i = 0; i < model.outputs; ++i) tensors[2][0][i] = _neuron(model, i, inputs);
    }

    function _neuron(Model memory model, uint256 index, bytes memory inputs) internal pure returns (bytes1) {
        bytes memory row = model.weights[index];
        bytes memory dense = model.descriptors[2];
        int256 sum = int32(uint32(_number(row, 0, 4)));
        for (uint256 i = 0; i < inputs.length; ++i) {
            int256 weight = int256(uint256(uint8(row[9 + (i ^ 0x1c)]))) - 128;
            sum += weight * int256(uint256(uint8(inputs[i])));
        }
        int32 multiplier = int32(uint32(_number(row, 4, 4)));
        int256 value = Int8.requantise(int32(sum), multiplier, int8(uint8(row[8]))) + int256(_number(dense, 15, 1));
        (int256 min, int256 max) = (int256(_number(dense, 16, 1)), int256(_number(dense, 17, 1)));
        if (value < min) value = min;
        if (value > max) value = max;
        return bytes1(uint8(uint256(value)));
    }

    /* CLAIMS */

    function _claim(
        Model memory model,
        bytes[][] memory tensors,
        bytes32 requestId,
        uint64 until
    ) internal returns (Claim memory claim, bytes32 claimId) {
        claim = Claim({
            requestId: requestId,
            model: model.version,
            operator: address(0x0b),
            inputHash: _tensorRoot(tensors[0]),
            outputHash: keccak256(_joined(tensors[2])),
            evidenceHash: _root("TRC1", _traceLeaves(tensors))
        });
        claimId = SOURCE.submit(claim, address(VERIFIER), until);
    }

    /// @dev Opens element (`row`, `column`) of tensor `index`, 1 or 2.
    function _proof(
        Model memory model,
        bytes[][] memory tensors,
        uint256 index,
        uint256 row,
        uint256 column
    ) internal pure returns (ElementProof memory proof) {
        proof.operator = _openOperator(model, index);
        proof.output = _openTensor(tensors, index);
        proof.outputRow = _openRow(tensors[index], row);
        proof.column = uint32(column);
        proof.sources = new SourceOpening[](1);
        SourceOpening memory source = proof.sources[0];
        source.producer = _openOperator(model, index - 1);
        source.tensor = _openTensor(tensors, index - 1);
        if (index == 1) {
            source.rows = new RowOpening[](1);
            source.rows[0] = _openRow(tensors[0], row);
            return proof;
        }
        source.rows = new RowOpening[](model.rows);
        for (uint256 i = 0; i < model.rows; ++i) source.rows[i] = _openRow(tensors[1], i);
        proof.weights = _openRow(model.weights, column);
    }

    function _openOperator(Model memory model, uint256 index) internal pure returns (OperatorOpening memory) {
        bytes32[] memory path = _path(_leaves(model.descriptors), index);
        return OperatorOpening(uint32(index), uint32(OPERATORS), model.descriptors[index], path);
    }

    function _openTensor(bytes[][] memory tensors, uint256 index) internal pure returns (TensorOpening memory opening) {
        if (index == 0) return opening;
        return TensorOpening(_tensorRoot(tensors[index]), _path(_traceLeaves(tensors), index - 1));
    }

    function _openRow(bytes[] memory rows, uint256 index) internal pure returns (RowOpening memory) {
        return RowOpening(uint32(index), rows[index], _path(_leaves(rows), index));
    }

    /* TREES */

    function _tensorRoot(bytes[] memory rows) internal pure returns (bytes32) {
        return _root("TNS1", _leaves(rows));
    }

    function _traceLeaves(bytes[][] memory tensors) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](tensors.length - 1);
        for (uint256 i = 0; i < leaves.length; ++i) leaves[i] = _leaf(abi.encode(_tensorRoot(tensors[i + 1])));
    }

    function _root(bytes4 tag, bytes32[] memory leaves) internal pure returns (bytes32) {
        return Trees.root(tag, leaves.length, _node(leaves, 0, _depth(leaves.length)));
    }

    function _node(bytes32[] memory leaves, uint256 first, uint256 height) internal pure returns (bytes32) {
        if (first >= leaves.length) return bytes32(0);
        if (height == 0) return leaves[first];
        bytes32 left = _node(leaves, first, height - 1);
        return keccak256(abi.encodePacked(bytes1(0x01), left, _node(leaves, first + 2 ** (height - 1), height - 1)));
    }

    function _path(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](_depth(leaves.length));
        for (uint256 height = 0; height < path.length; ++height) {
            path[height] = _node(leaves, ((index >> height) ^ 1) << height, height);
        }
    }

    function _depth(uint256 count) internal pure returns (uint256 depth) {
        while (2 ** depth < count) ++depth;
    }

    function _leaves(bytes[] memory data) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](data.length);
        for (uint256 i = 0; i < data.length; ++i) leaves[i] = _leaf(data[i]);
    }

    function _leaf(bytes memory data) internal pure returns (bytes32) {
        return keccak256(bytes.concat(bytes1(0x00), data));
    }

    /* BYTES */

    function _joined(bytes[] memory rows) internal pure returns (bytes memory data) {
        for (uint256 i = 0; i < rows.length; ++i) data = bytes.concat(data, rows[i]);
    }

    function _number(bytes memory data, uint256 offset, uint256 length) internal pure returns (uint256 value) {
        for (uint256 i = 0; i < length; ++i) value = (value << 8) | uint8(data[offset + i]);
    }

    function _mix(bytes32 seed, uint256 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(seed, salt));
    }

    function _random(uint256 length, bytes32 seed) internal pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i = 0; i < length; ++i) data[i] = _mix(seed, i)[0];
    }
}
